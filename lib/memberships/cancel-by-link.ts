/**
 * Cancels one Stripe subscription by a link from a mail, without signing in, and takes that back for a day. What is paid,
 * and a trial, stays open to its end and nothing more is charged; where a payment is overdue, or a pause has closed what
 * was paid, there is no such end, so it ends at once. May run twice. A link can do nothing else, and nothing to any other subscription.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { makeToken, readToken } from "@/lib/tokens";
import { askStripe } from "./ask-stripe";
import { followUp } from "./handle-stripe-event";
import { isPeriodPaid } from "./read-pause";
import { LIVE_STATUSES, statusFromStripe } from "./status";

const UNDO_MS = 24 * 60 * 60 * 1_000;

export type CancelLink = {
  email: string;
  isTrial: boolean;
  /** Whether anything was charged; what follows a gift or a comp waits, and is no trial. */
  isCharged: boolean;
  /** `overdue` and `paused` end at once when cancelled, `running` at `endsAt`. */
  state: "running" | "overdue" | "paused" | "cancelled" | "over";
  /** The last moment that is paid, or the trial's end. */
  endsAt: Date | null;
};

/** What the link would cancel, from our row. Null for a forged link, and for a subscription that is nobody's any more. */
export function inspectCancelLink(db: Database, token: string, options: { now: Date }) {
  return inspect(db, readToken("cancel", token, options), options.now);
}

/** The same for the page after cancelling; null once the day is over. */
export function inspectKeepLink(db: Database, token: string, options: { now: Date }) {
  return inspect(db, readToken("keep", token, options), options.now);
}

async function inspect(
  db: Database,
  stripeSubscriptionId: string | null,
  now: Date,
): Promise<CancelLink | null> {
  if (stripeSubscriptionId === null) return null;
  const membership = await db.membership.findUnique({
    where: { stripeSubscriptionId },
    include: { subscriber: { select: { email: true } } },
  });
  if (!membership) return null;
  const { status, cancelAtPeriodEnd, currentPeriodEndsAt, trialEndsAt } = membership;
  const isClosed = membership.pausedFrom !== null && membership.pausedFrom <= now;
  const isCharged = status !== "TRIALING";
  const runs = !isCharged || status === "ACTIVE";
  return {
    email: membership.subscriber.email,
    isTrial: !isCharged && !membership.followsFreeTime,
    isCharged,
    state: !LIVE_STATUSES.has(status)
      ? "over"
      : cancelAtPeriodEnd
        ? "cancelled"
        : isClosed
          ? "paused"
          : runs
            ? "running"
            : "overdue",
    endsAt: membership.endsAt ?? (isCharged ? currentPeriodEndsAt : trialEndsAt),
  };
}

type Services = { now: Date; publicUrl: string };

/** The token that takes it back; null for a link that does not hold. Throws UNAVAILABLE when Stripe does not answer. */
export async function cancelByLink(
  db: Database,
  stripe: Stripe,
  token: string,
  services: Services,
): Promise<string | null> {
  const id = await ofSomebody(db, readToken("cancel", token, services));
  if (id === null) return null;
  await askStripe(async () => {
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
    const { status, cancel_at_period_end } = subscription;
    const isClosed = subscription.pause_collection !== null && !isPeriodPaid(subscription);
    if (!isClosed && (status === "trialing" || status === "active")) {
      if (!cancel_at_period_end) await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    } else if (LIVE_STATUSES.has(statusFromStripe(status))) await stripe.subscriptions.cancel(id);
    await followUp(db, stripe, customerOf(subscription), services);
  });
  log.info({ event: "memberships.cancelled-by-link", subscriptionId: id });
  return makeToken("keep", id, { expiresAt: new Date(services.now.getTime() + UNDO_MS) });
}

/** False where the link does not hold, or nothing is left to keep. Throws UNAVAILABLE when Stripe does not answer. */
export async function keepByLink(
  db: Database,
  stripe: Stripe,
  token: string,
  services: Services,
): Promise<boolean> {
  const id = await ofSomebody(db, readToken("keep", token, services));
  if (id === null) return false;
  return askStripe(async () => {
    const subscription = await stripe.subscriptions.retrieve(id);
    const runs = LIVE_STATUSES.has(statusFromStripe(subscription.status));
    if (runs && subscription.cancel_at_period_end)
      await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    await followUp(db, stripe, customerOf(subscription), services);
    return runs;
  });
}

async function ofSomebody(db: Database, stripeSubscriptionId: string | null): Promise<string | null> {
  if (stripeSubscriptionId === null) return null;
  const known = await db.membership.count({ where: { stripeSubscriptionId } });
  return known > 0 ? stripeSubscriptionId : null;
}

function customerOf({ customer }: Stripe.Subscription): string {
  return typeof customer === "string" ? customer : customer.id;
}
