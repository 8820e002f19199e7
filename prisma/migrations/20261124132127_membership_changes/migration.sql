-- CreateEnum
CREATE TYPE "ChangeCause" AS ENUM ('EVENT', 'RECONCILE', 'CHECKOUT', 'AUTHOR');

-- CreateEnum
CREATE TYPE "PaymentKind" AS ENUM ('CHARGE', 'REFUND');

-- AlterTable
ALTER TABLE "Subscriber" ADD COLUMN     "trialEndsAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "dueCents" INTEGER,
ADD COLUMN     "intervalMonths" INTEGER;

-- CreateTable
CREATE TABLE "MembershipChange" (
    "id" TEXT NOT NULL,
    "subscriberId" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB NOT NULL,
    "cause" "ChangeCause" NOT NULL,
    "eventId" TEXT,
    "reason" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "MembershipChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payment" (
    "id" TEXT NOT NULL,
    "subscriberId" TEXT NOT NULL,
    "kind" "PaymentKind" NOT NULL,
    "status" TEXT NOT NULL,
    "amountCents" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reconciliation" (
    "id" TEXT NOT NULL,
    "askedAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),
    "checked" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "Reconciliation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MembershipChange_subscriberId_at_idx" ON "MembershipChange"("subscriberId", "at");

-- CreateIndex
CREATE INDEX "MembershipChange_eventId_idx" ON "MembershipChange"("eventId");

-- CreateIndex
CREATE INDEX "Payment_subscriberId_at_idx" ON "Payment"("subscriberId", "at");

-- CreateIndex
CREATE INDEX "Reconciliation_askedAt_idx" ON "Reconciliation"("askedAt");

-- CreateIndex
CREATE INDEX "Subscriber_trialEndsAt_idx" ON "Subscriber"("trialEndsAt");

-- AddForeignKey
ALTER TABLE "MembershipChange" ADD CONSTRAINT "MembershipChange_subscriberId_fkey" FOREIGN KEY ("subscriberId") REFERENCES "Subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_subscriberId_fkey" FOREIGN KEY ("subscriberId") REFERENCES "Subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;
