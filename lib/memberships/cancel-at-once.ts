/**
 * Ends every Stripe subscription of a person now, without waiting for the paid end: for somebody who asks to be erased.
 * May run twice. Never refunds, and never touches another customer's subscription.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { askStripe } from "./ask-stripe";

const ENDED = new Set<Stripe.Subscription.Status>(["canceled", "incomplete_expired"]);

/** Throws UNAVAILABLE when Stripe does not answer; then nothing here may be erased. */
export async function cancelAtOnce(db: Database, stripe: Stripe, subscriberId: string): Promise<number> {
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
  const customer = subscriber?.stripeCustomerId;
  if (!customer) return 0;
  return askStripe(async () => {
    const { data } = await stripe.subscriptions.list({ customer, status: "all", limit: 100 });
    const running = data.filter((subscription) => !ENDED.has(subscription.status));
    for (const subscription of running) await stripe.subscriptions.cancel(subscription.id);
    return running.length;
  });
}
