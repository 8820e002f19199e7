-- AlterTable
ALTER TABLE "Issue" ADD COLUMN     "teaserText" TEXT NOT NULL DEFAULT '';
