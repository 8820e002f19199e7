/**
 * For the page that Stripe leads back to: looks the signed-in reader's own customer up at Stripe, through the same code as
 * the webhook, so that access does not wait for it. Grants nothing by what stands in the address. Safe to run again.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { getPublication } from "@/lib/publication/queries";
import { takeToken } from "@/lib/rate-limit";
import { opensPaidIssues } from "./access";
import { askStripe } from "./ask-stripe";
import { followUp } from "./handle-stripe-event";
import { getMembership } from "./queries";

/** True once the reader's membership opens paid issues. False while Stripe has none, or does not answer. */
export async function confirmCheckout(
  db: Database,
  stripe: Stripe,
  subscriberId: string,
  services: { now: Date; publicUrl: string },
): Promise<boolean> {
  const opens = async () => {
    const [membership, { graceDays }] = await Promise.all([
      getMembership(db, subscriberId),
      getPublication(db),
    ]);
    return opensPaidIssues(membership, { now: services.now, graceDays });
  };
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  const customerId = subscriber?.stripeCustomerId;
  if (!customerId || !(await mayAsk(db, subscriberId, services.now))) return opens();
  try {
    await askStripe(() => followUp(db, stripe, customerId, services));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn({ event: "memberships.confirm-waits", subscriberId, error });
  }
  return opens();
}

/** The page may be loaded again and again; Stripe is asked thirty times in ten minutes, then only our row is. */
async function mayAsk(db: Database, subscriberId: string, now: Date): Promise<boolean> {
  const key = `confirm-checkout:${subscriberId}`;
  return (await takeToken(db, { key, limit: 30, windowSeconds: 600, now })).allowed;
}
