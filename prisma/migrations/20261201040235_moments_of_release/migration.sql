-- AlterTable
ALTER TABLE "Issue" ADD COLUMN     "releasedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Installation" ADD COLUMN     "databaseId" TEXT;
