/**
 * What Stripe holds about one customer, as our row would say it. Reads and changes nothing, there or here: `sync.ts`
 * writes it, the drift report compares it.
 */
import type Stripe from "stripe";
import type { Membership } from "@/prisma/generated/client";
import { listCharges } from "./copy-payments";
import { DISCOUNT_DETAILS, discountOf, NO_DISCOUNT } from "./discount";
import { followsFreeTime } from "./free-time";
import { fromSeconds } from "./moments";
import { type MoneyBack, readMoneyBack } from "./money-back";
import { NOT_PAUSED, type Pause, readPause } from "./read-pause";
import { LIVE_STATUSES, statusFromStripe } from "./status";

export type Truth = {
  subscriptions: Stripe.Subscription[];
  /** The subscription that counts, with its latest invoice. */
  kept: Stripe.Subscription | null;
  /** Others that still run: paid for twice. */
  extra: Stripe.Subscription[];
  row: MembershipRow | null;
  moneyBack: MoneyBack;
  /** All of this customer, newest first, with their refunds. */
  charges: Stripe.Charge[];
};

export async function readTruth(stripe: Stripe, customer: string, { now }: { now: Date }): Promise<Truth> {
  const subscriptions = await stripe.subscriptions
    .list({
      customer,
      status: "all",
      limit: 100,
      expand: ["latest_invoice", ...DISCOUNT_DETAILS].map((field) => `data.${field}`),
    })
    .autoPagingToArray({ limit: 1_000 });
  const { kept, extra } = chooseSubscription(subscriptions);
  const charges = await listCharges(stripe, { customer });
  const moneyBack = kept && isRunning(kept) ? await readMoneyBack(stripe, kept, charges) : "none";
  const row =
    kept &&
    membershipRow(kept, {
      now,
      moneyBack,
      ...(await whatIsOwed(stripe, kept)),
      ...(isRunning(kept) ? await readPause(stripe, kept) : NOT_PAUSED),
    });
  return { subscriptions, kept, extra, row, moneyBack, charges };
}

/** A comp or gift outlives a subscription that ended or waits for its money, and gives way to one that is in order. */
export function outlives(here: Membership | null, row: MembershipRow): boolean {
  return here !== null && here.source !== "STRIPE" && row.status !== "TRIALING" && row.status !== "ACTIVE";
}

function isRunning({ status }: Stripe.Subscription): boolean {
  return LIVE_STATUSES.has(statusFromStripe(status));
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
    .filter(isRunning)
    .sort((a, b) => Number(inOrder(b)) - Number(inOrder(a)));
  return { kept: running ?? oldestFirst.at(-1) ?? null, extra };
}

export type MembershipRow = ReturnType<typeof membershipRow>;

/**
 * Everything in Stripe's own times; only `syncedAt` is ours. A running subscription whose money went back, or is held
 * back by a bank, reads as UNPAID whatever Stripe calls it.
 */
export function membershipRow(
  subscription: Stripe.Subscription,
  {
    now,
    pastDueSince,
    dueCents,
    pausedFrom,
    resumesAt,
    moneyBack,
  }: { now: Date; moneyBack: MoneyBack } & Owed & Pause,
) {
  const item = subscription.items.data[0];
  const periodEnd = item ? fromSeconds(item.current_period_end) : null;
  const status = moneyBack === "none" ? statusFromStripe(subscription.status) : "UNPAID";
  const cancels = subscription.cancel_at_period_end || subscription.cancel_at !== null;
  const lastMoment = subscription.cancel_at === null ? periodEnd : fromSeconds(subscription.cancel_at);
  return {
    source: "STRIPE" as const,
    status,
    stripeSubscriptionId: subscription.id,
    stripePriceId: item?.price.id ?? null,
    startedAt: fromSeconds(subscription.start_date),
    followsFreeTime: followsFreeTime(subscription),
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
    ...(LIVE_STATUSES.has(status) ? discountOf(subscription) : NO_DISCOUNT),
    pausedFrom,
    resumesAt,
    disputed: moneyBack === "withheld",
    syncedAt: now,
  };
}

/** Months between two charges; null for a price that counts in days or weeks. */
export function monthsOf(recurring: Stripe.Price.Recurring | null): number | null {
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
