-- CreateTable
CREATE TABLE "PastLedger" (
    "id" SERIAL NOT NULL,
    "issueId" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PastLedger_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PastDelivery" (
    "id" BIGINT NOT NULL,
    "messageHash" BIGINT,
    "at" TIMESTAMP(3) NOT NULL,
    "ledgerId" INTEGER NOT NULL,
    "statusLineId" INTEGER,
    "state" "DeliveryState" NOT NULL,
    "variant" "MailVariant",
    "attempt" SMALLINT NOT NULL,
    "smtpCode" SMALLINT,
    "subscriberId" TEXT,
    "enhancedCode" TEXT,
    "reply" TEXT,

    CONSTRAINT "PastDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PastLedger_issueId_key" ON "PastLedger"("issueId");

-- CreateIndex
CREATE INDEX "PastDelivery_ledgerId_idx" ON "PastDelivery"("ledgerId");

-- CreateIndex
CREATE INDEX "PastDelivery_subscriberId_idx" ON "PastDelivery"("subscriberId");

-- AddForeignKey
ALTER TABLE "PastLedger" ADD CONSTRAINT "PastLedger_issueId_fkey" FOREIGN KEY ("issueId") REFERENCES "Issue"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PastDelivery" ADD CONSTRAINT "PastDelivery_ledgerId_fkey" FOREIGN KEY ("ledgerId") REFERENCES "PastLedger"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PastDelivery" ADD CONSTRAINT "PastDelivery_subscriberId_fkey" FOREIGN KEY ("subscriberId") REFERENCES "Subscriber"("id") ON DELETE SET NULL ON UPDATE CASCADE;
