-- CreateEnum
CREATE TYPE "MoveInKind" AS ENUM ('PAID', 'COMP', 'GIFT');

-- CreateEnum
CREATE TYPE "MoveInState" AS ENUM ('WAITING', 'PROPOSED', 'UNDECIDED', 'MOVING', 'MOVED', 'GUEST', 'LEFT');

-- AlterEnum
ALTER TYPE "ChangeCause" ADD VALUE 'MOVE';

-- CreateTable
CREATE TABLE "MoveIn" (
    "subscriberId" TEXT NOT NULL,
    "kind" "MoveInKind" NOT NULL,
    "plan" TEXT NOT NULL DEFAULT '',
    "paidUntil" TIMESTAMP(3),
    "firstPaymentAt" TIMESTAMP(3),
    "listedCustomerId" TEXT,
    "state" "MoveInState" NOT NULL DEFAULT 'WAITING',
    "candidates" JSONB NOT NULL DEFAULT '[]',
    "lookedAt" TIMESTAMP(3),
    "customerId" TEXT,
    "replacedCustomerId" TEXT,
    "trialUsedAt" TIMESTAMP(3),
    "told" TEXT[],
    "heldBack" BOOLEAN NOT NULL DEFAULT false,
    "decidedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "MoveIn_pkey" PRIMARY KEY ("subscriberId")
);

-- CreateTable
CREATE TABLE "KeptPrice" (
    "id" TEXT NOT NULL,
    "keptAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "KeptPrice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MoveIn_state_idx" ON "MoveIn"("state");

-- AddForeignKey
ALTER TABLE "MoveIn" ADD CONSTRAINT "MoveIn_subscriberId_fkey" FOREIGN KEY ("subscriberId") REFERENCES "Subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;
