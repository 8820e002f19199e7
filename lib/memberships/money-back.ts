/**
 * Money that went back, and the one rule for access after it. A full refund of the running period ends the membership
 * at once; a partial refund, and a refund of an earlier period, changes nothing. A dispute that is open at the bank
 * closes access until it is won; a lost one ends the membership. A bank's mere inquiry changes nothing. Reads Stripe
 * and changes nothing there, so safe to run at any time.
 */
import type Stripe from "stripe";

export type MoneyBack = "none" | "withheld" | "returned";

/**
 * `subscription` comes with its latest invoice: that one paid for the running period. `charges` are all of its customer.
 */
export async function readMoneyBack(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  charges: readonly Stripe.Charge[],
): Promise<MoneyBack> {
  let answer: MoneyBack = "none";
  for (const charge of charges) {
    if (charge.created < subscription.start_date) continue;
    if (!charge.disputed && !charge.refunded) continue;
    const invoice = await invoiceFor(stripe, charge, subscription);
    if (invoice === null) continue;
    if (charge.refunded && invoice === idOf(subscription.latest_invoice)) return "returned";
    const dispute = charge.disputed ? await disputeOf(stripe, charge) : "none";
    if (dispute === "returned") return "returned";
    if (dispute === "withheld") answer = "withheld";
  }
  return answer;
}

/** What became of one charge by itself, whatever it paid for. */
export async function moneyBackOf(stripe: Stripe, charge: Stripe.Charge): Promise<MoneyBack> {
  if (charge.refunded) return "returned";
  return charge.disputed ? disputeOf(stripe, charge) : "none";
}

/** The subscription's own invoice that the charge paid; null for a charge that paid something else. */
async function invoiceFor(
  stripe: Stripe,
  charge: Stripe.Charge,
  subscription: Stripe.Subscription,
): Promise<string | null> {
  const intent = idOf(charge.payment_intent);
  if (intent === null) return null;
  const payment = { type: "payment_intent" as const, payment_intent: intent };
  for await (const { invoice } of stripe.invoicePayments.list({ payment, expand: ["data.invoice"] })) {
    if (typeof invoice === "string" || invoice.deleted) continue;
    if (idOf(invoice.parent?.subscription_details?.subscription ?? null) === subscription.id)
      return invoice.id;
  }
  return null;
}

const OPEN = new Set<Stripe.Dispute.Status>(["needs_response", "under_review"]);

async function disputeOf(stripe: Stripe, charge: Stripe.Charge): Promise<MoneyBack> {
  const disputes = await stripe.disputes
    .list({ charge: charge.id, limit: 100 })
    .autoPagingToArray({ limit: 100 });
  if (disputes.some(({ status }) => status === "lost")) return "returned";
  return disputes.some(({ status }) => OPEN.has(status)) ? "withheld" : "none";
}

export function idOf(reference: string | { id: string }): string;
export function idOf(reference: string | { id: string } | null): string | null;
export function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
