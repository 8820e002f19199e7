-- Each row of a sending is written three times, and every index with it.

-- DropIndex
DROP INDEX "Delivery_messageId_key";

-- DropIndex
DROP INDEX "Delivery_subscriberId_idx";

-- DropIndex
DROP INDEX "Delivery_issueId_subscriberId_key";

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_subscriberId_issueId_key" ON "Delivery"("subscriberId", "issueId");

-- Room in each page for the versions that a sending makes of its rows.
ALTER TABLE "Delivery" SET (fillfactor = 75);
