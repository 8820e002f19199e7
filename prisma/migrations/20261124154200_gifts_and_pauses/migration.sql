-- CreateEnum
CREATE TYPE "GiftMoney" AS ENUM ('KEPT', 'WITHHELD', 'RETURNED');

-- AlterEnum
ALTER TYPE "ChangeCause" ADD VALUE 'GIFT';
ALTER TYPE "ChangeCause" ADD VALUE 'READER';

-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "pausedFrom" TIMESTAMP(3),
ADD COLUMN     "resumesAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Payment" ADD COLUMN     "giftId" TEXT,
ALTER COLUMN "subscriberId" DROP NOT NULL;

-- CreateTable
CREATE TABLE "Gift" (
    "id" TEXT NOT NULL,
    "months" INTEGER NOT NULL,
    "amountCents" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "buyerEmail" TEXT,
    "buyerId" TEXT,
    "receiverEmail" TEXT,
    "receiverName" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "mailsReceiver" BOOLEAN NOT NULL,
    "mailings" INTEGER NOT NULL DEFAULT 0,
    "stripeSessionId" TEXT,
    "stripeIntentId" TEXT,
    "paidAt" TIMESTAMP(3),
    "money" "GiftMoney" NOT NULL DEFAULT 'KEPT',
    "redeemedAt" TIMESTAMP(3),
    "redeemedById" TEXT,
    "startsAt" TIMESTAMP(3),
    "endsAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Gift_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Gift_stripeSessionId_key" ON "Gift"("stripeSessionId");

-- CreateIndex
CREATE UNIQUE INDEX "Gift_stripeIntentId_key" ON "Gift"("stripeIntentId");

-- CreateIndex
CREATE INDEX "Gift_paidAt_idx" ON "Gift"("paidAt");

-- CreateIndex
CREATE INDEX "Gift_redeemedById_idx" ON "Gift"("redeemedById");

-- CreateIndex
CREATE INDEX "Gift_buyerId_idx" ON "Gift"("buyerId");

-- CreateIndex
CREATE INDEX "Payment_giftId_idx" ON "Payment"("giftId");

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_giftId_fkey" FOREIGN KEY ("giftId") REFERENCES "Gift"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Gift" ADD CONSTRAINT "Gift_buyerId_fkey" FOREIGN KEY ("buyerId") REFERENCES "Subscriber"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Gift" ADD CONSTRAINT "Gift_redeemedById_fkey" FOREIGN KEY ("redeemedById") REFERENCES "Subscriber"("id") ON DELETE SET NULL ON UPDATE CASCADE;
