/**
 * Repairs what lost webhooks left behind: brings up to date every customer with a membership that runs at Stripe, or by
 * our row. Safe to run at any time; the worker does so hourly. One customer's failure never stops the others. Throws
 * when Stripe does not list its subscriptions.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { reconcileGifts } from "./gifts/reconcile-gifts";
import { followUp } from "./handle-stripe-event";
import { LIVE_STATUSES } from "./status";

export type Reconciled = {
  /** Customers looked up at Stripe. */
  checked: number;
  /** Of them: those whose row here said something else, and was mended. */
  changed: number;
  failed: number;
};

/** How long members who left are still looked up, for refunds and for figures about trials. */
const LOOK_BACK_MS = 90 * 86_400_000;

export async function reconcileMemberships(
  db: Database,
  stripe: Stripe,
  services: { now: Date; publicUrl: string },
): Promise<Reconciled> {
  // Gifts first: a membership may wait for the end of one.
  const gifts = await reconcileGifts(db, stripe, services);
  const customers = new Set([...(await listOurs(db, services.now)), ...(await listAtStripe(stripe))]);
  let changed = 0;
  let { failed } = gifts;
  for (const customerId of customers) {
    try {
      const cause = { kind: "RECONCILE" } as const;
      if (await followUp(db, stripe, customerId, { ...services, cause })) changed += 1;
    } catch (error) {
      failed += 1;
      log.error({ event: "memberships.reconcile-failed", customerId, error });
    }
  }
  log.info({ event: "memberships.reconciled", checked: customers.size, changed, failed });
  return { checked: customers.size, changed, failed };
}

async function listOurs(db: Database, now: Date): Promise<string[]> {
  const rows = await db.subscriber.findMany({
    where: {
      stripeCustomerId: { not: null },
      membership: {
        source: "STRIPE",
        OR: [
          { status: { in: ["INCOMPLETE", ...LIVE_STATUSES] } },
          { endsAt: { gte: new Date(now.getTime() - LOOK_BACK_MS) } },
        ],
      },
    },
    select: { stripeCustomerId: true },
  });
  return rows.flatMap(({ stripeCustomerId }) => (stripeCustomerId ? [stripeCustomerId] : []));
}

/** Also finds who joined while no webhook arrived, newcomers and those who came back. Stripe leaves out what is canceled. */
async function listAtStripe(stripe: Stripe): Promise<string[]> {
  const customers: string[] = [];
  for await (const { customer } of stripe.subscriptions.list({ limit: 100 })) {
    customers.push(typeof customer === "string" ? customer : customer.id);
  }
  return customers;
}
