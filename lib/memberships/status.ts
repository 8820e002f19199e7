import type Stripe from "stripe";
import { MembershipStatus } from "@/prisma/generated/enums";

/** Statuses of a subscription that still runs: another must not be sold beside it. */
export const LIVE_STATUSES: ReadonlySet<MembershipStatus> = new Set([
  "TRIALING",
  "ACTIVE",
  "PAST_DUE",
  "UNPAID",
  "PAUSED",
]);

const BY_STRIPE_NAME = new Map<string, MembershipStatus>(
  Object.values(MembershipStatus).map((status) => [status.toLowerCase(), status]),
);

/** Stripe's word as ours. A word that we do not know opens nothing, so it reads as UNPAID. */
export function statusFromStripe(status: Stripe.Subscription["status"]): MembershipStatus {
  return BY_STRIPE_NAME.get(status) ?? "UNPAID";
}
