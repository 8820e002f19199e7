-- CreateTable
CREATE TABLE "UsedTrial" (
    "emailHash" TEXT NOT NULL,
    "usedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "UsedTrial_pkey" PRIMARY KEY ("emailHash")
);
