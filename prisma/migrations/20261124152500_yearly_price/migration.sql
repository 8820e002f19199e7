-- AlterTable
ALTER TABLE "Publication" ADD COLUMN     "stripeYearlyPriceId" TEXT,
ADD COLUMN     "yearlyPriceCents" INTEGER;
