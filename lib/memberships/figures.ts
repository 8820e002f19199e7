/**
 * What the desk counts about members and money. Pure: rows in, figures out. Amounts are in the currency's smallest unit
 * and never added up across currencies.
 */
import type { MembershipSource } from "@/prisma/generated/enums";
import { type MembershipFacts, opensPaidIssues } from "./access";

export const MEMBER_STATES = ["trial", "paid", "past-due", "cancelling", "guest", "paused", "ended"] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** What figures need of a membership row. */
export type CountedMembership = MembershipFacts & {
  source: MembershipSource;
  startedAt: Date;
  amountCents: number | null;
  currency: string | null;
  intervalMonths: number | null;
  dueCents: number | null;
  recurringDiscountCents: number | null;
  discountEndsAt: Date | null;
};

export type Money = { currency: string; amountCents: number };
export type Share = { part: number; whole: number };

const DAY_MS = 86_400_000;

/** Each row is in exactly one state. A payment that is missing stays `past-due` also after access ended by it. */
export function memberStateOf(membership: CountedMembership, now: Date): MemberState {
  if (membership.endsAt !== null && membership.endsAt <= now) return "ended";
  if (membership.source !== "STRIPE") return "guest";
  // Nothing recurs while a member pauses, also where the paid period still runs.
  if (membership.pausedFrom !== null && !membership.cancelAtPeriodEnd) return "paused";
  switch (membership.status) {
    case "TRIALING":
      return membership.cancelAtPeriodEnd ? "cancelling" : "trial";
    case "ACTIVE":
      return membership.cancelAtPeriodEnd ? "cancelling" : "paid";
    case "PAST_DUE":
    case "UNPAID":
    case "INCOMPLETE":
      return "past-due";
    case "PAUSED":
      return "paused";
    default:
      return "ended";
  }
}

/** When the present state began, as far as the row tells. */
export function stateSince(membership: CountedMembership, now: Date): Date {
  const { startedAt, trialEndsAt, pastDueSince, endsAt } = membership;
  switch (memberStateOf(membership, now)) {
    case "paid":
      return trialEndsAt ?? startedAt;
    case "past-due":
      return pastDueSince ?? startedAt;
    case "ended":
      return endsAt ?? startedAt;
    default:
      return startedAt;
  }
}

/** When Stripe charges next; null where it will not, or where it repeats a failed charge at times of its own. */
export function nextChargeAt(membership: CountedMembership, now: Date): Date | null {
  const state = memberStateOf(membership, now);
  if (state === "trial") return membership.trialEndsAt;
  return state === "paid" ? membership.currentPeriodEndsAt : null;
}

/** The moment from which a failed payment closes paid issues; null where none failed. */
export function graceEndsAt(membership: CountedMembership, graceDays: number): Date | null {
  const { status, pastDueSince } = membership;
  if (status !== "PAST_DUE" || pastDueSince === null) return null;
  return new Date(pastDueSince.getTime() + graceDays * DAY_MS);
}

/** How many are in each state, and how many of them read everything now. */
export function countStates(
  memberships: readonly CountedMembership[],
  rules: { now: Date; graceDays: number },
): { states: Record<MemberState, number>; members: number } {
  const states = { trial: 0, paid: 0, "past-due": 0, cancelling: 0, guest: 0, paused: 0, ended: 0 };
  let members = 0;
  for (const membership of memberships) {
    states[memberStateOf(membership, rules.now)] += 1;
    if (opensPaidIssues(membership, rules)) members += 1;
  }
  return { states, members };
}

/**
 * What recurs each month: prices of subscriptions that are active or past due and go on, less the discounts that run and
 * come with every charge, a year counted by its twelfth. Each charge is in whole smallest units, as Stripe bills it; what
 * a month has of them is added up as fractions and rounded once for each currency, halves up.
 */
export function monthlyRevenue(memberships: readonly CountedMembership[], now: Date): Money[] {
  const sums = new Map<string, Map<number, number>>();
  for (const membership of memberships) {
    const { status, amountCents, currency, intervalMonths, cancelAtPeriodEnd } = membership;
    const state = memberStateOf(membership, now);
    const recurs = state === "paid" || (status === "PAST_DUE" && state === "past-due" && !cancelAtPeriodEnd);
    if (!recurs || !amountCents || currency === null) continue;
    const months = intervalMonths ?? 1;
    const byMonths = sums.get(currency) ?? new Map<number, number>();
    byMonths.set(months, (byMonths.get(months) ?? 0) + amountCents - recurringDiscount(membership, now));
    sums.set(currency, byMonths);
  }
  return asMoney(Array.from(sums, ([currency, byMonths]) => [currency, sumOfParts(byMonths)]));
}

/** What a running discount takes off every charge; one that counts once takes nothing from what recurs. */
function recurringDiscount({ recurringDiscountCents, discountEndsAt }: CountedMembership, now: Date): number {
  return discountEndsAt !== null && discountEndsAt <= now ? 0 : (recurringDiscountCents ?? 0);
}

/** The sum of each amount divided by its months, exactly, and rounded once. */
function sumOfParts(amountByMonths: ReadonlyMap<number, number>): number {
  const whole = [...amountByMonths.keys()].reduce((product, months) => product * BigInt(months), 1n);
  const parts = [...amountByMonths].map(([months, amount]) => BigInt(amount) * (whole / BigInt(months)));
  const sum = parts.reduce((total, part) => total + part, 0n);
  return Number((2n * sum + whole) / (2n * whole));
}

/** What Stripe asks for and did not get. */
export function amountsDue(memberships: readonly CountedMembership[], now: Date): Money[] {
  const sums = new Map<string, number>();
  for (const membership of memberships) {
    const { dueCents, currency } = membership;
    if (memberStateOf(membership, now) !== "past-due" || !dueCents || currency === null) continue;
    sums.set(currency, (sums.get(currency) ?? 0) + dueCents);
  }
  return asMoney([...sums]);
}

function asMoney(sums: readonly (readonly [string, number])[]): Money[] {
  return sums
    .map(([currency, amountCents]) => ({ currency, amountCents }))
    .sort((a, b) => b.amountCents - a.amountCents || a.currency.localeCompare(b.currency));
}

/** A person's trial, and the first charge that succeeded since it ended. */
export type Trial = { endsAt: Date; firstPaidAt: Date | null };

/** Of the trials that ended in the `days` before `now`: how many were followed by a payment. */
export function trialConversion(trials: readonly Trial[], { now, days }: { now: Date; days: number }): Share {
  const from = new Date(now.getTime() - days * DAY_MS);
  const ended = trials.filter(({ endsAt }) => endsAt > from && endsAt <= now);
  return { part: ended.filter(({ firstPaidAt }) => firstPaidAt !== null).length, whole: ended.length };
}

/** When somebody first paid, and when that membership ended; null while it goes on. */
export type PaidTime = { firstPaidAt: Date; endedAt: Date | null };

/** Of those who were paying members `days` before `now`: how many are no longer. */
export function churn(times: readonly PaidTime[], { now, days }: { now: Date; days: number }): Share {
  const from = new Date(now.getTime() - days * DAY_MS);
  const paying = times.filter(
    ({ firstPaidAt, endedAt }) => firstPaidAt <= from && (endedAt === null || endedAt > from),
  );
  return {
    part: paying.filter(({ endedAt }) => endedAt !== null && endedAt <= now).length,
    whole: paying.length,
  };
}
