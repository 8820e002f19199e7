-- AlterTable
ALTER TABLE "Publication" ADD COLUMN "catchUpHours" INTEGER NOT NULL DEFAULT 24;

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mark" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "markedAt" TIMESTAMP(3) NOT NULL,
    "restoredAt" TIMESTAMP(3),

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);
