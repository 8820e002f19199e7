-- CreateTable
CREATE TABLE "SendingBudget" (
    "scope" TEXT NOT NULL,
    "idleAt" TIMESTAMP(6) NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "SendingBudget_pkey" PRIMARY KEY ("scope")
);

-- CreateIndex
CREATE INDEX "SendingBudget_idleAt_idx" ON "SendingBudget"("idleAt");
