import type { Transaction } from "@/lib/db";

/** The author ended what somebody reads for free: gifts of theirs that still ran, or waited behind it, end with it. */
export async function endGiftTime(
  tx: Transaction,
  subscriberId: string,
  { now }: { now: Date },
): Promise<void> {
  const redeemedById = subscriberId;
  await tx.gift.updateMany({ where: { redeemedById, startsAt: { gt: now } }, data: { startsAt: now } });
  await tx.gift.updateMany({ where: { redeemedById, endsAt: { gt: now } }, data: { endsAt: now } });
}
