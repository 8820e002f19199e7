/**
 * Repairs what lost webhooks left behind: asks Stripe about every gift whose payment is open or may still go back. One
 * gift's failure stops no other. Safe to run at any time; the worker does so hourly.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { syncGift } from "./sync-gift";

const DAY_MS = 86_400_000;
/** Banks take disputes for about four months. */
const LOOK_BACK_DAYS = 180;

export async function reconcileGifts(
  db: Database,
  stripe: Stripe,
  services: { now: Date; publicUrl: string },
): Promise<{ checked: number; failed: number }> {
  const since = new Date(services.now.getTime() - LOOK_BACK_DAYS * DAY_MS);
  const gifts = await db.gift.findMany({
    where: {
      stripeSessionId: { not: null },
      money: { not: "RETURNED" },
      OR: [{ paidAt: null }, { paidAt: { gt: since } }],
    },
    select: { id: true },
  });
  let failed = 0;
  for (const { id } of gifts) {
    try {
      await syncGift(db, stripe, id, { ...services, cause: { kind: "RECONCILE" } });
    } catch (error) {
      failed += 1;
      log.error({ event: "gifts.reconcile-failed", giftId: id, error });
    }
  }
  return { checked: gifts.length, failed };
}
