/**
 * What a pause at Stripe means: charges stop, and what was paid lasts to its end. Read from Stripe's state alone. Stripe
 * keeps counting periods while nobody pays for them, so the end of the last one that was paid says what is open:
 * https://docs.stripe.com/billing/subscriptions/pause-payment
 */
import type Stripe from "stripe";
import { fromSeconds } from "./moments";

export type Pause = {
  /** When the last period ends that was paid for. Null where nobody paused. */
  pausedFrom: Date | null;
  /** When charges begin again by themselves; null where they do not. */
  resumesAt: Date | null;
};

export const NOT_PAUSED: Pause = { pausedFrom: null, resumesAt: null };

/** `subscription` comes with its latest invoice. */
export async function readPause(stripe: Stripe, subscription: Stripe.Subscription): Promise<Pause> {
  const pause = subscription.pause_collection;
  if (!pause) return NOT_PAUSED;
  return {
    pausedFrom: await paidUntil(stripe, subscription),
    resumesAt: pause.resumes_at === null ? null : fromSeconds(pause.resumes_at),
  };
}

async function paidUntil(stripe: Stripe, subscription: Stripe.Subscription): Promise<Date> {
  const item = subscription.items.data[0];
  if (item && isPeriodPaid(subscription)) return fromSeconds(item.current_period_end);
  const { data } = await stripe.invoices.list({ subscription: subscription.id, status: "paid", limit: 1 });
  const ends = (data[0]?.lines.data ?? []).map(({ period }) => period.end);
  return fromSeconds(ends.length > 0 ? Math.max(...ends) : subscription.start_date);
}

/** Whether the period that runs at Stripe was paid for; `subscription` comes with its latest invoice. */
export function isPeriodPaid({ latest_invoice: invoice }: Stripe.Subscription): boolean {
  return invoice !== null && typeof invoice !== "string" && invoice.status === "paid";
}
