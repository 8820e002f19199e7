-- CreateEnum
CREATE TYPE "BounceKind" AS ENUM ('HARD', 'SOFT', 'POLICY', 'COMPLAINT');

-- CreateTable
CREATE TABLE "Bounce" (
    "id" TEXT NOT NULL,
    "subscriberId" TEXT NOT NULL,
    "deliveryId" BIGINT,
    "kind" "BounceKind" NOT NULL,
    "source" TEXT NOT NULL,
    "status" TEXT,
    "words" TEXT,
    "reportKey" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "forgivenAt" TIMESTAMP(3),

    CONSTRAINT "Bounce_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Bounce_reportKey_key" ON "Bounce"("reportKey");

-- CreateIndex
CREATE INDEX "Bounce_subscriberId_at_idx" ON "Bounce"("subscriberId", "at");

-- CreateIndex
CREATE INDEX "Bounce_deliveryId_idx" ON "Bounce"("deliveryId");

-- AddForeignKey
ALTER TABLE "Bounce" ADD CONSTRAINT "Bounce_subscriberId_fkey" FOREIGN KEY ("subscriberId") REFERENCES "Subscriber"("id") ON DELETE CASCADE ON UPDATE CASCADE;
