/**
 * Who reads for free until a day, by a gift or as a guest, may take a membership that begins then: Stripe holds the card
 * and charges nothing before. Pure. Stripe calls that time a trial; here it is none, and uses none up.
 */
import type Stripe from "stripe";
import type { MembershipSource, MembershipStatus } from "@/prisma/generated/enums";

const HOUR_MS = 3_600_000;
/** Stripe wants 48 hours: https://docs.stripe.com/api/checkout/sessions/create, `subscription_data.trial_end`. */
const NOTICE_MS = 49 * HOUR_MS;

/** On a subscription that our checkout sold for later: the last moment that was free, in seconds. */
export const FREE_UNTIL = "freeUntil";

export type FreeTime = {
  endsAt: Date;
  /** The end of the free time, and a little later where that is so near that Stripe would not wait for it. */
  firstChargeAt: Date;
};

/** Null for who does not read for free now, and for who does without an end. */
export function freeTimeOf(
  membership: { source: MembershipSource; status: MembershipStatus; endsAt: Date | null } | null,
  now: Date,
): FreeTime | null {
  if (!membership || membership.source === "STRIPE" || membership.status !== "ACTIVE") return null;
  const { endsAt } = membership;
  if (endsAt === null || endsAt <= now) return null;
  return { endsAt, firstChargeAt: new Date(Math.max(endsAt.getTime(), now.getTime() + NOTICE_MS)) };
}

export function followsFreeTime({ metadata }: Pick<Stripe.Subscription, "metadata">): boolean {
  return metadata[FREE_UNTIL] !== undefined;
}
