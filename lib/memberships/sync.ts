/**
 * Reads the truth about one customer from Stripe and writes it into one membership row. Safe to run at any time, any
 * number of times, from anywhere: the result depends on Stripe's state alone, not on events or their order. A lock per
 * customer keeps two runs apart. Never matches a person by address.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import type { Membership } from "@/prisma/generated/client";
import { type ChangeCause, recordChange } from "./change";
import { copyPayments } from "./copy-payments";
import { endExtra } from "./end-extra";
import { LIVE_STATUSES, statusFromStripe } from "./status";

export type Synced = {
  subscriberId: string;
  before: Membership | null;
  after: Membership | null;
  /** The subscription that `after` was read from, with its latest invoice. */
  subscription: Stripe.Subscription | null;
  /** Whether our row had to be changed to say what Stripe says. */
  changed: boolean;
};

/** Null where no subscriber of ours has this customer. */
export async function syncMembership(
  db: Database,
  stripe: Stripe,
  customerId: string,
  { now, cause }: { now: Date; cause: ChangeCause },
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
      for (const subscription of extra) await endExtra(stripe, subscription, subscriber.id);
      const before = subscriber.membership;
      await rememberTrial(tx, subscriber.id, subscriptions);
      await copyPayments(tx, stripe, { customerId, subscriberId: subscriber.id });
      const row = kept && membershipRow(kept, { now, ...(await whatIsOwed(stripe, kept)) });
      const after = await writeMembership(tx, subscriber.id, before, row, now);
      const isNewEnd = before?.endsAt?.getTime() !== after?.endsAt?.getTime();
      const reason = isNewEnd ? kept?.cancellation_details?.reason : null;
      const changed =
        after !== null &&
        (await recordChange(tx, { subscriberId: subscriber.id, before, after, cause, reason }, { now }));
      return { subscriberId: subscriber.id, before, after, subscription: kept, changed };
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
}

/**
 * Of those that still run, one that is in order before one with a failed payment, then the oldest; else the newest of
 * those that ended. Further running ones are extra.
 */
export function chooseSubscription(subscriptions: readonly Stripe.Subscription[]): {
  kept: Stripe.Subscription | null;
  extra: Stripe.Subscription[];
} {
  const oldestFirst = [...subscriptions].sort((a, b) => a.created - b.created || a.id.localeCompare(b.id));
  const inOrder = ({ status }: Stripe.Subscription) => status === "trialing" || status === "active";
  const [running, ...extra] = oldestFirst
    .filter((each) => LIVE_STATUSES.has(statusFromStripe(each.status)))
    .sort((a, b) => Number(inOrder(b)) - Number(inOrder(a)));
  return { kept: running ?? oldestFirst.at(-1) ?? null, extra };
}

/** The one trial that a person has: when it began, once, and when it ended or will end, which Stripe may move. */
async function rememberTrial(
  tx: Transaction,
  subscriberId: string,
  subscriptions: readonly Stripe.Subscription[],
): Promise<void> {
  const [first] = subscriptions
    .flatMap((each) =>
      each.trial_start === null || each.trial_end === null
        ? []
        : [{ start: each.trial_start, end: Math.min(each.trial_end, each.ended_at ?? each.trial_end) }],
    )
    .sort((a, b) => a.start - b.start);
  if (!first) return;
  await tx.subscriber.updateMany({
    where: { id: subscriberId, trialUsedAt: null },
    data: { trialUsedAt: fromSeconds(first.start) },
  });
  const trialEndsAt = fromSeconds(first.end);
  await tx.subscriber.updateMany({
    where: { id: subscriberId, OR: [{ trialEndsAt: null }, { NOT: { trialEndsAt } }] },
    data: { trialEndsAt },
  });
}

async function writeMembership(
  tx: Transaction,
  subscriberId: string,
  before: Membership | null,
  row: MembershipRow | null,
  now: Date,
): Promise<Membership | null> {
  if (!row) return closeOrphan(tx, before, now);
  // A comp or gift outlives a subscription that ended or waits for its money, and gives way to one that is in order.
  if (before && before.source !== "STRIPE" && row.status !== "TRIALING" && row.status !== "ACTIVE")
    return before;
  return tx.membership.upsert({
    where: { subscriberId },
    create: { subscriberId, ...row },
    update: row,
  });
}

/** Stripe knows the customer and no subscription: what our row says was bought in an account used before. */
async function closeOrphan(
  tx: Transaction,
  before: Membership | null,
  now: Date,
): Promise<Membership | null> {
  if (before?.source !== "STRIPE" || !LIVE_STATUSES.has(before.status)) return before;
  return tx.membership.update({
    where: { subscriberId: before.subscriberId },
    data: { status: "CANCELED", endsAt: now, dueCents: null, syncedAt: now },
  });
}

type MembershipRow = ReturnType<typeof membershipRow>;

/** Everything in Stripe's own times; only `syncedAt` is ours. */
export function membershipRow(
  subscription: Stripe.Subscription,
  { now, pastDueSince, dueCents }: { now: Date } & Owed,
) {
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
    pastDueSince,
    endsAt:
      subscription.ended_at === null ? (cancels ? lastMoment : null) : fromSeconds(subscription.ended_at),
    amountCents: item?.price.unit_amount ?? null,
    currency: item?.price.currency ?? null,
    intervalMonths: monthsOf(item?.price.recurring ?? null),
    dueCents,
    syncedAt: now,
  };
}

/** Months between two charges; null for a price that counts in days or weeks. */
function monthsOf(recurring: Stripe.Price.Recurring | null): number | null {
  if (recurring?.interval === "month") return recurring.interval_count;
  return recurring?.interval === "year" ? recurring.interval_count * 12 : null;
}

type Owed = { pastDueSince: Date | null; dueCents: number | null };

/**
 * What Stripe asks for and did not get, and when that trouble began: the date of the oldest invoice that is still unpaid,
 * so that a further month without payment begins no further grace; else the beginning of the unpaid period. Nulls where
 * nothing is overdue.
 */
async function whatIsOwed(stripe: Stripe, subscription: Stripe.Subscription): Promise<Owed> {
  const isPastDue = subscription.status === "past_due";
  if (!isPastDue && subscription.status !== "unpaid") return { pastDueSince: null, dueCents: null };
  const open = await stripe.invoices
    .list({ subscription: subscription.id, status: "open", limit: 100 })
    .autoPagingToArray({ limit: 1_000 });
  const unpaid = open.filter((each) => each.amount_remaining > 0);
  const dueCents = unpaid.reduce((sum, each) => sum + each.amount_remaining, 0);
  if (!isPastDue) return { pastDueSince: null, dueCents };
  const began =
    unpaid.length > 0
      ? Math.min(...unpaid.map((each) => each.created))
      : (subscription.items.data[0]?.current_period_start ?? subscription.start_date);
  return { pastDueSince: fromSeconds(began), dueCents };
}

function fromSeconds(seconds: number): Date {
  return new Date(seconds * 1_000);
}
