import { type MembershipFacts, opensPaidIssues } from "@/lib/memberships/access";
import type { DiscountFields } from "@/lib/memberships/discount";
import { priceOfNextCharge } from "@/lib/memberships/price-words";
import { formatDate, formatPrice } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

export type StatusMembership = MembershipFacts & {
  source: "STRIPE" | "COMP" | "GIFT";
  amountCents: number | null;
  currency: string | null;
  intervalMonths: number | null;
  followsFreeTime: boolean;
} & DiscountFields;

/** What this reader has and what comes next, as one sentence at the end of each issue. Pure. */
export function statusLine(
  membership: StatusMembership | null,
  publication: PublicationSettings,
  now: Date,
): string {
  const { name, graceDays } = publication;
  if (!membership || !opensPaidIssues(membership, { now, graceDays })) {
    return `You are a free subscriber of ${name}.`;
  }
  const on = (date: Date) => formatDate(date, publication);
  const { trialEndsAt, currentPeriodEndsAt, endsAt, cancelAtPeriodEnd, status, source, pausedFrom } =
    membership;
  const price = priceOf(membership, publication);
  const end = endsAt ?? (cancelAtPeriodEnd ? (trialEndsAt ?? currentPeriodEndsAt) : null);
  if (end) return `You are a member of ${name} until ${on(end)}. Nothing will be charged.`;
  if (pausedFrom)
    return `You paused your membership of ${name}. Everything stays open until ${on(pausedFrom)}.`;
  if (source !== "STRIPE") return `You are a member of ${name}, with its author's compliments.`;
  if (status === "TRIALING" && trialEndsAt) {
    if (membership.followsFreeTime)
      return `You are a member of ${name}, and pay nothing until ${on(trialEndsAt)}; then ${price} is charged, unless you cancel before.`;
    return `You are on trial until ${on(trialEndsAt)}; then ${price} is charged, unless you cancel before.`;
  }
  if (status === "PAST_DUE") return `Your last payment did not go through. Please update your card.`;
  if (currentPeriodEndsAt) {
    return `You are a member of ${name}. Your membership renews on ${on(currentPeriodEndsAt)} for ${price}.`;
  }
  return `You are a member of ${name}.`;
}

function priceOf(membership: StatusMembership, publication: PublicationSettings): string {
  const { amountCents, currency, status, trialEndsAt, currentPeriodEndsAt } = membership;
  if (amountCents === null || currency === null)
    return formatPrice(publication.priceCents, publication.currency, 1, publication.language);
  const next = status === "TRIALING" ? trialEndsAt : currentPeriodEndsAt;
  return priceOfNextCharge({ ...membership, amountCents, currency }, next, publication);
}
