import { formatDate, formatPrice } from "@/lib/publication/format";
import type { MembershipSource } from "@/prisma/generated/enums";
import { type MembershipFacts, opensPaidIssues } from "./access";
import type { DiscountFields } from "./discount";
import { freeTimeOf } from "./free-time";
import { priceOfNextCharge } from "./price-words";

/** A membership in the words of the person who has it. Pure, safe in the browser. */

type Settings = {
  language: string;
  timeZone: string;
  priceCents: number;
  currency: string;
  graceDays: number;
};
type Shown = MembershipFacts & {
  source: MembershipSource;
  amountCents: number | null;
  currency: string | null;
  intervalMonths: number | null;
  resumesAt: Date | null;
  followsFreeTime: boolean;
  disputed: boolean;
} & DiscountFields;

export type MembershipWords = {
  title: string;
  detail: string;
  /** What the person may want to do next. */
  next: "join" | "go-on" | "manage" | "fix" | "paused" | "none";
};

const DAY_MS = 86_400_000;

export function membershipInWords(membership: Shown | null, settings: Settings, now: Date): MembershipWords {
  const date = (moment: Date | null) => (moment ? formatDate(moment, settings) : "a date that Stripe names");
  if (!membership) {
    return {
      title: "You read what is free",
      detail: "Members read every issue and the archive.",
      next: "join",
    };
  }
  const price = priceOf(membership, settings);
  const isOpen = opensPaidIssues(membership, { now, graceDays: settings.graceDays });
  if (membership.source !== "STRIPE") {
    if (!isOpen && membership.status === "UNPAID") return heldGift();
    if (!isOpen) return ended(date(membership.endsAt));
    const until = membership.endsAt ? `It lasts until ${date(membership.endsAt)}.` : "It has no end.";
    const title = membership.source === "GIFT" ? "You are a member by a gift" : "You are a member as a guest";
    const next = freeTimeOf(membership, now) ? "go-on" : "none";
    return { title, detail: `You pay nothing. ${until}`, next };
  }
  if (membership.disputed) return disputed();
  if (membership.pausedFrom && !membership.cancelAtPeriodEnd) {
    const goesOn = membership.resumesAt
      ? `It goes on by itself on ${date(membership.resumesAt)}, with a charge of ${price}.`
      : "It goes on when the author resumes it.";
    const open = isOpen
      ? `Everything stays open until ${date(membership.pausedFrom)}, which is paid.`
      : `Members' issues are closed since ${date(membership.pausedFrom)}, and nothing is charged.`;
    return { title: "Your membership is paused", detail: `${open} ${goesOn}`, next: "paused" };
  }
  switch (membership.status) {
    case "TRIALING":
      if (membership.followsFreeTime) return begins(membership, price, date);
      return membership.cancelAtPeriodEnd
        ? {
            title: "Your trial is cancelled",
            detail: `Everything stays open until ${date(membership.endsAt ?? membership.trialEndsAt)}. Nothing will be charged.`,
            next: "manage",
          }
        : {
            title: `Your trial runs until ${date(membership.trialEndsAt)}`,
            detail: `Then ${price} is charged. Cancel before, and nothing is.`,
            next: "manage",
          };
    case "ACTIVE":
      return membership.cancelAtPeriodEnd
        ? {
            title: "Your membership is cancelled",
            detail: `Everything stays open until ${date(membership.endsAt ?? membership.currentPeriodEndsAt)}. No further charge follows.`,
            next: "manage",
          }
        : {
            title: "You are a member",
            detail: `You pay ${price}. The next charge is on ${date(membership.currentPeriodEndsAt)}.`,
            next: "manage",
          };
    case "PAST_DUE": {
      const ends = membership.pastDueSince
        ? new Date(membership.pastDueSince.getTime() + settings.graceDays * DAY_MS)
        : null;
      return {
        title: "Your last payment did not go through",
        detail: isOpen
          ? `Everything stays open until ${date(ends)}. Update the card and it goes on as before.`
          : "Members' issues open again the moment the payment succeeds. Update the card and it goes on as before.",
        next: "fix",
      };
    }
    case "UNPAID":
    case "PAUSED":
    case "INCOMPLETE":
      return {
        title: "Your membership waits for a payment",
        detail: "Members' issues open again the moment the payment succeeds.",
        next: "fix",
      };
    default:
      return ended(membership.endsAt ? date(membership.endsAt) : null);
  }
}

/** What this person is charged next, discounts included; the publication's price where nothing is known. */
function priceOf(membership: Shown, settings: Settings): string {
  const { amountCents, currency, status, trialEndsAt, currentPeriodEndsAt } = membership;
  if (amountCents === null || currency === null)
    return formatPrice(settings.priceCents, settings.currency, 1, settings.language);
  const next = status === "TRIALING" ? trialEndsAt : currentPeriodEndsAt;
  return priceOfNextCharge({ ...membership, amountCents, currency }, next, settings);
}

/** Somebody reads for free and gave a card for what comes after. */
function begins(
  { trialEndsAt, endsAt, cancelAtPeriodEnd }: Shown,
  price: string,
  date: (moment: Date | null) => string,
): MembershipWords {
  return cancelAtPeriodEnd
    ? {
        title: "Your membership is cancelled",
        detail: `Everything stays open until ${date(endsAt ?? trialEndsAt)}. Nothing will be charged.`,
        next: "manage",
      }
    : {
        title: "Everything is open to you, and goes on",
        detail: `Until ${date(trialEndsAt)} you pay nothing. Then ${price} is charged. Cancel before, and nothing is.`,
        next: "manage",
      };
}

function disputed(): MembershipWords {
  return {
    title: "A payment of yours is disputed",
    detail:
      "Your bank was asked to take it back and has not decided yet. Members' issues are closed until then: they open again if the payment stands, and the membership ends if it does not. If this was a mistake, tell your bank.",
    next: "manage",
  };
}

function heldGift(): MembershipWords {
  return {
    title: "The payment of your gift is disputed",
    detail:
      "The bank of whoever gave it to you has not decided yet. Members' issues open again if the payment stands.",
    next: "none",
  };
}

function ended(on: string | null): MembershipWords {
  const detail = on === null ? "You read what is free." : `It ended on ${on}.`;
  return { title: "Your membership has ended", detail, next: "join" };
}
