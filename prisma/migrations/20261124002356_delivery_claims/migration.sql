-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "claimedBy" TEXT,
ADD COLUMN     "deferrals" INTEGER NOT NULL DEFAULT 0;
