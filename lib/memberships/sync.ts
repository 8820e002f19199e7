/**
 * Reads the truth about one customer from Stripe and writes it into one membership row. Safe to run at any time, any
 * number of times, from anywhere: the result depends on Stripe's state alone, not on events or their order. A lock per
 * customer keeps two runs apart. Never matches a person by address.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import type { Membership } from "@/prisma/generated/client";
import { LIVE_STATUSES, statusFromStripe } from "./status";

export type Synced = {
  subscriberId: string;
  before: Membership | null;
  after: Membership | null;
  /** The subscription that `after` was read from, with its latest invoice. */
  subscription: Stripe.Subscription | null;
};

/** Null where no subscriber of ours has this customer. */
export async function syncMembership(
  db: Database,
  stripe: Stripe,
  customerId: string,
  { now }: { now: Date },
): Promise<Synced | null> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`customer:${customerId}`}, 0))`;
      const subscriber = await tx.subscriber.findUnique({
        where: { stripeCustomerId: customerId },
        include: { membership: true },
      });
      if (!subscriber) return null;
      const subscriptions = await stripe.subscriptions
        .list({ customer: customerId, status: "all", limit: 100, expand: ["data.latest_invoice"] })
        .autoPagingToArray({ limit: 1_000 });
      const { kept, extra } = chooseSubscription(subscriptions);
      for (const subscription of extra) await endExtra(stripe, subscription);
      const before = subscriber.membership;
      const trialStart = earliestTrial(subscriptions);
      if (trialStart !== null) {
        await tx.subscriber.updateMany({
          where: { id: subscriber.id, trialUsedAt: null },
          data: { trialUsedAt: trialStart },
        });
      }
      const after = await writeMembership(tx, subscriber.id, before, kept, now);
      return { subscriberId: subscriber.id, before, after, subscription: kept };
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
}

/** The oldest one that still runs, else the newest of those that ended; further running ones are extra. */
export function chooseSubscription(subscriptions: readonly Stripe.Subscription[]): {
  kept: Stripe.Subscription | null;
  extra: Stripe.Subscription[];
} {
  const oldestFirst = [...subscriptions].sort((a, b) => a.created - b.created || a.id.localeCompare(b.id));
  const [running, ...extra] = oldestFirst.filter((each) => LIVE_STATUSES.has(statusFromStripe(each.status)));
  return { kept: running ?? oldestFirst.at(-1) ?? null, extra };
}

async function endExtra(stripe: Stripe, subscription: Stripe.Subscription): Promise<void> {
  log.warn({ event: "memberships.extra-subscription-ended", subscriptionId: subscription.id });
  await stripe.subscriptions.cancel(subscription.id, {}, { idempotencyKey: `extra:${subscription.id}` });
}

function earliestTrial(subscriptions: readonly Stripe.Subscription[]): Date | null {
  const starts = subscriptions.flatMap((each) => (each.trial_start === null ? [] : [each.trial_start]));
  return starts.length === 0 ? null : fromSeconds(Math.min(...starts));
}

async function writeMembership(
  tx: Transaction,
  subscriberId: string,
  before: Membership | null,
  subscription: Stripe.Subscription | null,
  now: Date,
): Promise<Membership | null> {
  if (!subscription) return before;
  const row = membershipRow(subscription, now);
  // A comp or gift outlives an ended subscription, and gives way to a running one.
  if (before && before.source !== "STRIPE" && !LIVE_STATUSES.has(row.status)) return before;
  return tx.membership.upsert({
    where: { subscriberId },
    create: { subscriberId, ...row },
    update: row,
  });
}

/** Everything in Stripe's own times; only `syncedAt` is ours. */
export function membershipRow(subscription: Stripe.Subscription, now: Date) {
  const item = subscription.items.data[0];
  const periodEnd = item ? fromSeconds(item.current_period_end) : null;
  const status = statusFromStripe(subscription.status);
  const cancels = subscription.cancel_at_period_end || subscription.cancel_at !== null;
  const lastMoment = subscription.cancel_at === null ? periodEnd : fromSeconds(subscription.cancel_at);
  return {
    source: "STRIPE" as const,
    status,
    stripeSubscriptionId: subscription.id,
    stripePriceId: item?.price.id ?? null,
    startedAt: fromSeconds(subscription.start_date),
    trialEndsAt: subscription.trial_end === null ? null : fromSeconds(subscription.trial_end),
    currentPeriodEndsAt: periodEnd,
    cancelAtPeriodEnd: cancels,
    pastDueSince: status === "PAST_DUE" ? troubleBegan(subscription) : null,
    endsAt:
      subscription.ended_at === null ? (cancels ? lastMoment : null) : fromSeconds(subscription.ended_at),
    amountCents: item?.price.unit_amount ?? null,
    currency: item?.price.currency ?? null,
    syncedAt: now,
  };
}

/** The unpaid invoice's date, else the beginning of the unpaid period. */
function troubleBegan(subscription: Stripe.Subscription): Date {
  const invoice = subscription.latest_invoice;
  if (invoice && typeof invoice !== "string") return fromSeconds(invoice.created);
  return fromSeconds(subscription.items.data[0]?.current_period_start ?? subscription.start_date);
}

function fromSeconds(seconds: number): Date {
  return new Date(seconds * 1_000);
}
