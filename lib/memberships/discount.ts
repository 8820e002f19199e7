/**
 * What discounts take off the charges of a subscription, as Stripe reckons it on an invoice: one after the other, a share
 * in per cent rounded to the nearest smallest unit of the currency, never below nothing. Pure.
 */
import type Stripe from "stripe";

/** What a list or a retrieve must expand for it; see https://docs.stripe.com/api/expanding_objects. */
export const DISCOUNT_DETAILS = ["discounts.source.coupon", "discounts.promotion_code"] as const;

export type DiscountFields = {
  discountCode: string | null;
  discountCents: number | null;
  recurringDiscountCents: number | null;
  discountEndsAt: Date | null;
};

export const NO_DISCOUNT: DiscountFields = {
  discountCode: null,
  discountCents: null,
  recurringDiscountCents: null,
  discountEndsAt: null,
};

/** Of a subscription whose discounts are expanded; none where they are not. */
export function discountOf(subscription: Stripe.Subscription): DiscountFields {
  const price = subscription.items.data[0]?.price;
  const amount = price?.unit_amount ?? 0;
  let [left, recurring] = [amount, 0];
  const ends: number[] = [];
  let code: string | null = null;
  for (const discount of subscription.discounts) {
    const coupon = typeof discount === "string" ? null : discount.source.coupon;
    if (typeof discount === "string" || coupon === null || typeof coupon === "string") continue;
    const taken = reductionOf(coupon, left, price?.currency);
    if (taken === 0) continue;
    left -= taken;
    if (coupon.duration !== "once") recurring += taken;
    if (discount.end !== null) ends.push(discount.end);
    const promotion = discount.promotion_code;
    code ??= (promotion !== null && typeof promotion !== "string" ? promotion.code : null) ?? coupon.name;
  }
  if (left === amount) return NO_DISCOUNT;
  return {
    discountCode: code,
    discountCents: amount - left,
    recurringDiscountCents: recurring,
    discountEndsAt: ends.length === 0 ? null : new Date(Math.min(...ends) * 1_000),
  };
}

function reductionOf(coupon: Stripe.Coupon, amount: number, currency: string | undefined): number {
  const { percent_off, amount_off } = coupon;
  if (percent_off !== null) return Math.min(amount, percentOf(amount, percent_off));
  return coupon.currency === currency ? Math.min(amount, amount_off ?? 0) : 0;
}

/** Stripe's per cent has two decimals at most, so hundredths of it are whole numbers and the rounding is exact. */
function percentOf(amount: number, percent: number): number {
  return Math.floor((amount * Math.round(percent * 100) + 5_000) / 10_000);
}
