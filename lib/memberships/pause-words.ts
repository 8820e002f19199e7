import type { Membership } from "@/prisma/generated/client";

/** For how long a member may pause. */
export type PauseMonths = 1 | 2 | 3;

type Asking = Pick<
  Membership,
  "source" | "status" | "cancelAtPeriodEnd" | "intervalMonths" | "disputed" | "pausedFrom"
>;

/** Why this membership cannot be paused, in the member's words; null where it can. Pure. */
export function whyNoPause(membership: Asking | null): string | null {
  if (membership?.source !== "STRIPE") return "There is no paid membership to pause.";
  if (membership.disputed) return "Your bank is deciding over a payment. A pause is possible when it has.";
  if (membership.pausedFrom) return "Your membership is paused already.";
  switch (membership.status) {
    case "TRIALING":
      return "A trial cannot be paused: nothing is charged in it. Cancel it, or pause after the first charge.";
    case "PAST_DUE":
    case "UNPAID":
      return "A payment is missing. Update the card first, then you can pause.";
    case "ACTIVE":
      break;
    default:
      return "There is no paid membership to pause.";
  }
  if (membership.cancelAtPeriodEnd)
    return "Your membership is cancelled already, and nothing more is charged.";
  if (membership.intervalMonths !== 1)
    return "Only a monthly membership can be paused. A year is paid at once: cancel, and it is not charged again.";
  return null;
}
