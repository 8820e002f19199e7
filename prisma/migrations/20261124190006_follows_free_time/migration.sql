-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "followsFreeTime" BOOLEAN NOT NULL DEFAULT false;
