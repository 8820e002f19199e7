import type { Price, Subscription } from "../records";
import { planOf } from "../resources/prices";
import type { Sandbox } from "../sandbox";
import { collectInvoice, finalizeInvoice } from "./collect";
import { draftInvoice, soleItem } from "./invoice-record";
import { chargeFromNow } from "./periods";

export type Proration = "create_prorations" | "always_invoice" | "none";

/**
 * Sells another price, or another number of it, from now on. What is paid and unused is credited and the rest of the
 * period charged: with the next invoice, or at once. Another interval begins a new period today, as at Stripe:
 * https://docs.stripe.com/billing/subscriptions/prorations. In a trial nothing is charged.
 */
export function changePrice(
  sandbox: Sandbox,
  subscription: Subscription,
  to: { price: Price; quantity: number },
  proration: Proration,
): void {
  const { events } = sandbox;
  const former = soleItem(subscription);
  const item = {
    ...former,
    price: structuredClone(to.price),
    plan: planOf(to.price),
    quantity: to.quantity,
  };
  if (former.price.id === to.price.id && former.quantity === to.quantity) return;
  const isCharged = subscription.status === "active" || subscription.status === "past_due";
  const keepsInterval =
    former.price.recurring?.interval === to.price.recurring?.interval &&
    former.price.recurring?.interval_count === to.price.recurring?.interval_count;
  if (isCharged && proration !== "none") {
    prorate(sandbox, subscription, -former.price.unit_amount * former.quantity, "Unused time on");
    events.change("customer.subscription.updated", subscription, {
      items: { ...subscription.items, data: [item] },
    });
    if (keepsInterval)
      prorate(sandbox, subscription, to.price.unit_amount * to.quantity, "Remaining time on");
  } else {
    events.change("customer.subscription.updated", subscription, {
      items: { ...subscription.items, data: [item] },
    });
  }
  if (!isCharged) return;
  if (!keepsInterval) chargeFromNow(sandbox, subscription, {});
  else if (proration === "always_invoice") billPending(sandbox, subscription);
}

/**
 * Puts the part of `amount` that falls on the rest of the period aside for the next invoice, less what a discount in
 * per cent takes off the whole: nobody is credited more than they paid.
 */
function prorate(sandbox: Sandbox, subscription: Subscription, amount: number, words: string): void {
  const { state, clock } = sandbox;
  const { current_period_start: start, current_period_end: end, price, quantity } = soleItem(subscription);
  const now = clock.seconds();
  const progress = state.progress.get(subscription.id) ?? { trialReminderSent: true };
  const name = state.products.get(price.product)?.name ?? price.product;
  const date = new Date(now * 1_000).toUTCString().slice(5, 16);
  const line = {
    amount: Math.round((amount * shareOf(sandbox, subscription) * (end - now)) / (end - start)),
    description: `${words} ${quantity} × ${name} after ${date}`,
    period: { start: now, end },
  };
  state.progress.set(subscription.id, { ...progress, pending: [...(progress.pending ?? []), line] });
}

/** The part of a price that is left after the discounts in per cent that still run. */
function shareOf({ state, clock }: Sandbox, subscription: Subscription): number {
  return subscription.discounts.reduce((share, id) => {
    const discount = typeof id === "string" ? state.discounts.get(id) : undefined;
    if (!discount || (discount.end ?? Infinity) <= clock.seconds()) return share;
    const { coupon: name } = discount.source;
    const coupon = state.coupons.get(name) ?? state.goneCoupons.get(name);
    return share * (1 - (coupon?.percent_off ?? 0) / 100);
  }, 1);
}

function billPending(sandbox: Sandbox, subscription: Subscription): void {
  const now = sandbox.clock.seconds();
  const invoice = draftInvoice(sandbox, subscription, soleItem(subscription), {
    reason: "subscription_update",
    isTrial: false,
    onlyPending: true,
    lookedBack: { start: now, end: now },
  });
  sandbox.events.change("customer.subscription.updated", subscription, { latest_invoice: invoice.id });
  sandbox.events.emit("invoice.created", invoice);
  finalizeInvoice(sandbox, invoice);
  collectInvoice(sandbox, invoice, { holderPresent: false });
}
