-- AlterTable
ALTER TABLE "Membership" ADD COLUMN     "discountCents" INTEGER,
ADD COLUMN     "discountCode" TEXT,
ADD COLUMN     "discountEndsAt" TIMESTAMP(3),
ADD COLUMN     "recurringDiscountCents" INTEGER;
