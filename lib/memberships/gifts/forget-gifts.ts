/**
 * Forgets what gifts need no longer: orders that never reached Stripe, addresses in mails a month old, and the buyer's
 * address half a year after paying, once the gift was redeemed or given back. Safe to run at any time.
 */
import type { Database } from "@/lib/db";

const DAY_MS = 86_400_000;
const BUYER_DAYS = 180;
const MAIL_DAYS = 30;

export async function forgetGifts(db: Database, { now }: { now: Date }): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await db.gift.deleteMany({
    where: { stripeSessionId: null, paidAt: null, createdAt: { lt: before(1) } },
  });
  await db.notice.deleteMany({
    where: {
      kind: { in: ["gift-receipt", "gift-received"] },
      subscriberId: null,
      state: { in: ["SENT", "FAILED"] },
      createdAt: { lt: before(MAIL_DAYS) },
    },
  });
  await db.gift.updateMany({
    where: {
      buyerEmail: { not: null },
      paidAt: { lt: before(BUYER_DAYS) },
      OR: [{ redeemedAt: { not: null } }, { money: "RETURNED" }],
    },
    data: { buyerEmail: null },
  });
}
