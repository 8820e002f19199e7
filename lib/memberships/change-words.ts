/** A change of a membership in the author's words. Pure. */
import { formatDate, formatMoney, formatPrice } from "@/lib/publication/format";
import type { MembershipSnapshot } from "./change";
import { type MemberState, memberStateOf } from "./figures";

const STATES: Readonly<Record<MemberState, string>> = {
  trial: "trial",
  paid: "paid",
  "past-due": "past due",
  cancelling: "cancelling",
  guest: "guest",
  paused: "paused",
  ended: "ended",
};

export function memberStateInWords(state: MemberState): string {
  return STATES[state];
}

/** `$3 a month`, `$30 a year`, `€9 each 3 months`. */
export function priceInWords(
  price: { amountCents: number; currency: string; intervalMonths: number | null },
  language: string,
): string {
  return formatPrice(price.amountCents, price.currency, price.intervalMonths, language);
}

/** What differs, most telling first; `at` is when it happened. */
export function changeInWords(
  before: MembershipSnapshot | null,
  after: MembershipSnapshot,
  { at, language, timeZone }: { at: Date; language: string; timeZone: string },
): string[] {
  const date = (moment: Date) => formatDate(moment, { language, timeZone });
  const state = (snapshot: MembershipSnapshot) => STATES[memberStateOf(snapshot, at)];
  const moved = (name: "trialEndsAt" | "currentPeriodEndsAt" | "endsAt") =>
    before?.[name]?.getTime() !== after[name]?.getTime() ? after[name] : null;
  const lines: string[] = [];
  const [old, now] = [before && state(before), state(after)];
  if (old !== now) lines.push(old === null ? `Became ${now}` : `From ${old} to ${now}`);
  if (before?.cancelAtPeriodEnd && !after.cancelAtPeriodEnd && now !== "ended")
    lines.push("The cancellation was taken back");
  const price = (snapshot: MembershipSnapshot) =>
    snapshot.amountCents !== null && snapshot.currency !== null
      ? priceInWords(
          { ...snapshot, amountCents: snapshot.amountCents, currency: snapshot.currency },
          language,
        )
      : null;
  const [oldPrice, newPrice] = [before && price(before), price(after)];
  if (newPrice !== null && newPrice !== oldPrice)
    lines.push(oldPrice === null ? newPrice : `From ${oldPrice} to ${newPrice}`);
  const off = (snapshot: MembershipSnapshot | null) => snapshot?.discountCents ?? null;
  if (off(after) !== off(before) || after.discountCode !== (before?.discountCode ?? null))
    lines.push(...discountInWords(after, { language, timeZone }));
  if (after.pausedFrom && !before?.pausedFrom)
    lines.push(
      `Paused from ${date(after.pausedFrom)}${after.resumesAt ? ` to ${date(after.resumesAt)}` : ""}`,
    );
  if (before?.pausedFrom && !after.pausedFrom) lines.push("The pause is over");
  if (after.disputed && !before?.disputed)
    lines.push("A payment is disputed: nothing is open until the bank decides");
  if (before?.disputed && !after.disputed) lines.push("The dispute is over");
  const due = after.dueCents !== before?.dueCents ? after.dueCents : null;
  if (due && after.currency) lines.push(`${formatMoney(due, after.currency, language)} is owed`);
  const [trialEnds, paidUntil, ends] = [moved("trialEndsAt"), moved("currentPeriodEndsAt"), moved("endsAt")];
  if (ends) lines.push(ends <= at ? `Ended on ${date(ends)}` : `Ends on ${date(ends)}`);
  else if (trialEnds && now === "trial")
    lines.push(
      after.followsFreeTime ? `First charge on ${date(trialEnds)}` : `Trial until ${date(trialEnds)}`,
    );
  else if (paidUntil && now === "paid") lines.push(`Paid until ${date(paidUntil)}`);
  if (before?.endsAt && after.endsAt === null && after.source !== "STRIPE") lines.push("Without an end");
  return lines.length > 0 ? lines : ["Details at Stripe"];
}

function discountInWords(after: MembershipSnapshot, style: { language: string; timeZone: string }): string[] {
  const { discountCents, discountCode, discountEndsAt, currency, status } = after;
  if (!discountCents || currency === null) return status === "CANCELED" ? [] : ["The discount ended"];
  const until = discountEndsAt ? ` until ${formatDate(discountEndsAt, style)}` : "";
  return [
    `${formatMoney(discountCents, currency, style.language)} off with ${discountCode ?? "a discount"}${until}`,
  ];
}

const REASONS: Readonly<Record<string, string>> = {
  cancellation_requested: "asked for by the reader",
  payment_failed: "the payment failed for good",
  payment_disputed: "the bank was asked to take the payment back",
  canceled_by_retention_policy: "ended by Stripe's own rules",
  duplicate: "it was paid twice",
  fraudulent: "it was fraud",
  requested_by_customer: "asked for by the reader",
};

/** Stripe's word for a reason as a sentence would say it; the author's own words as they are. */
export function reasonInWords(reason: string): string {
  return REASONS[reason] ?? reason;
}
