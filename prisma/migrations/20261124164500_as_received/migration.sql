-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "messageHash" BIGINT,
ADD COLUMN     "statusLineId" INTEGER;

-- AlterTable
ALTER TABLE "FrozenMail" ADD COLUMN     "sender" JSONB;

-- CreateTable
CREATE TABLE "StatusLine" (
    "id" SERIAL NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "StatusLine_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "StatusLine_text_key" ON "StatusLine"("text");
