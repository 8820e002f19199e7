import type Stripe from "stripe";
import { type MembershipSource, MembershipStatus } from "@/prisma/generated/enums";

/** Statuses of a subscription that still runs: another must not be sold beside it. */
export const LIVE_STATUSES: ReadonlySet<MembershipStatus> = new Set([
  "TRIALING",
  "ACTIVE",
  "PAST_DUE",
  "UNPAID",
  "PAUSED",
]);

/** Whether this one still runs at Stripe, paid or not: nothing else is sold or given beside it. */
export function runsAtStripe<Membership extends { source: MembershipSource; status: MembershipStatus }>(
  membership: Membership | null | undefined,
): membership is Membership {
  return membership?.source === "STRIPE" && LIVE_STATUSES.has(membership.status);
}

const BY_STRIPE_NAME = new Map<string, MembershipStatus>(
  Object.values(MembershipStatus).map((status) => [status.toLowerCase(), status]),
);

/** Stripe's word as ours. A word that we do not know opens nothing, so it reads as UNPAID. */
export function statusFromStripe(status: Stripe.Subscription["status"]): MembershipStatus {
  return BY_STRIPE_NAME.get(status) ?? "UNPAID";
}
