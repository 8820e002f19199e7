/**
 * Repairs what lost webhooks left behind: brings every customer with a running membership up to date. Safe to run at
 * any time; the worker does so hourly. One customer's failure never stops the others.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { followUp } from "./handle-stripe-event";
import { LIVE_STATUSES } from "./status";

export type Reconciled = { checked: number; failed: number };

export async function reconcileMemberships(
  db: Database,
  stripe: Stripe,
  services: { now: Date; publicUrl: string },
): Promise<Reconciled> {
  const customers = await db.subscriber.findMany({
    where: {
      stripeCustomerId: { not: null },
      OR: [{ membership: null }, { membership: { status: { in: ["INCOMPLETE", ...LIVE_STATUSES] } } }],
    },
    select: { stripeCustomerId: true },
  });
  let failed = 0;
  for (const { stripeCustomerId } of customers) {
    if (!stripeCustomerId) continue;
    try {
      await followUp(db, stripe, stripeCustomerId, services);
    } catch (error) {
      failed += 1;
      log.error({ event: "memberships.reconcile-failed", customerId: stripeCustomerId, error });
    }
  }
  log.info({ event: "memberships.reconciled", checked: customers.length, failed });
  return { checked: customers.length, failed };
}
