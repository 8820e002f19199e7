-- AlterTable
ALTER TABLE "WorkerHeartbeat" ADD COLUMN     "mailTrouble" TEXT,
ADD COLUMN     "mailTroubleAt" TIMESTAMP(3);
