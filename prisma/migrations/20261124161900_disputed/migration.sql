-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "disputed" BOOLEAN NOT NULL DEFAULT false;
