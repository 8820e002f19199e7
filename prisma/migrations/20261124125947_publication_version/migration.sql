-- AlterTable
ALTER TABLE "Publication" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;
