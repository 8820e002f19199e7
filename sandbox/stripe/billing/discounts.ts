import { invalid } from "../api/errors";
import { addIntervals } from "../calendar";
import { newId } from "../ids";
import type { Coupon, Discount, PromotionCode, Subscription } from "../records";
import { requireRow } from "../resources/find";
import type { Sandbox } from "../sandbox";

/** What somebody redeems: a coupon, and the code that led to it where there was one. */
export interface Redemption {
  coupon: string;
  promotionCode: string | null;
}

/** What a coupon takes off an amount, in the smallest unit. */
export function reductionOf({ percent_off, amount_off }: Coupon, amount: number): number {
  if (amount <= 0) return 0;
  const wanted = percent_off === null ? (amount_off ?? 0) : Math.round((amount * percent_off) / 100);
  return Math.min(wanted, amount);
}

/** Throws Stripe's refusal for a coupon that cannot be redeemed now. */
export function requireValidCoupon(
  { state, clock }: Sandbox,
  id: string,
  currency: string,
  param: string,
): Coupon {
  const coupon = requireRow(state.coupons, "coupon", id, param);
  if (!isValidCoupon(coupon, clock.seconds())) {
    throw invalid(`Coupon ${id} is used up or expired, and cannot be applied.`, {
      code: "coupon_expired",
      param,
    });
  }
  if (coupon.amount_off !== null && coupon.currency !== currency) {
    throw invalid(`The coupon is in ${coupon.currency}, what it is for in ${currency}.`, { param });
  }
  return coupon;
}

export function isValidCoupon({ max_redemptions, times_redeemed, redeem_by }: Coupon, now: number): boolean {
  return (max_redemptions ?? Infinity) > times_redeemed && (redeem_by ?? Infinity) > now;
}

interface Purchase {
  customer: string | null;
  amount: number;
  currency: string;
}

/** Why a promotion code cannot be used for this, in words for the person who typed it; null when it can. */
export function refuseCode(sandbox: Sandbox, code: PromotionCode, purchase: Purchase): string | null {
  const { state, clock } = sandbox;
  const coupon = state.coupons.get(code.promotion.coupon);
  const { minimum_amount, minimum_amount_currency, first_time_transaction } = code.restrictions;
  const usedUp = (code.max_redemptions ?? Infinity) <= code.times_redeemed;
  if (!code.active || usedUp || (code.expires_at ?? Infinity) <= clock.seconds())
    return "This code has expired.";
  if (!coupon || !isValidCoupon(coupon, clock.seconds())) return "This code has expired.";
  if (code.customer !== null && code.customer !== purchase.customer) return "This code is not for you.";
  const wrongCurrency = coupon.amount_off !== null && coupon.currency !== purchase.currency;
  if (wrongCurrency) return "This code is for another currency.";
  if (
    minimum_amount !== null &&
    (minimum_amount_currency !== purchase.currency || purchase.amount < minimum_amount)
  ) {
    return "This code asks for a larger amount.";
  }
  const hasPaid = [...state.charges.values()].some(
    ({ customer, paid }) => paid && customer !== null && customer === purchase.customer,
  );
  return first_time_transaction && hasPaid ? "This code is for a first purchase only." : null;
}

/** Uses a coupon up by one, and gives the subscription its discount. */
export function redeem(
  sandbox: Sandbox,
  subscription: Subscription,
  { coupon: id, promotionCode }: Redemption,
): Discount {
  const { state, clock, events } = sandbox;
  const coupon = requireRow(state.coupons, "coupon", id);
  const now = clock.seconds();
  const months = coupon.duration === "repeating" ? coupon.duration_in_months : null;
  const discount: Discount = {
    id: newId("di"),
    object: "discount",
    checkout_session: null,
    customer: subscription.customer,
    customer_account: null,
    end: months === null ? null : addIntervals(now, { interval: "month", interval_count: 1 }, months),
    invoice: null,
    invoice_item: null,
    promotion_code: promotionCode,
    source: { type: "coupon", coupon: id },
    start: now,
    subscription: subscription.id,
    subscription_item: null,
  };
  state.discounts.set(discount.id, discount);
  countRedemption(sandbox, { coupon: id, promotionCode });
  subscription.discounts = [...subscription.discounts, discount.id];
  events.emit("customer.discount.created", discount);
  return discount;
}

/** Counts one use of a coupon, and of the code that led to it. */
export function countRedemption({ state, clock }: Sandbox, { coupon: id, promotionCode }: Redemption): void {
  const coupon = requireRow(state.coupons, "coupon", id);
  coupon.times_redeemed += 1;
  coupon.valid = isValidCoupon(coupon, clock.seconds());
  const code = promotionCode === null ? undefined : state.promotionCodes.get(promotionCode);
  if (code) code.times_redeemed += 1;
}

/** Takes a discount from its subscription. What is billed already stands. */
export function endDiscount({ events }: Sandbox, subscription: Subscription, discount: Discount): void {
  subscription.discounts = subscription.discounts.filter((id) => id !== discount.id);
  events.emit("customer.discount.deleted", discount);
}

/** What each discount of a subscription takes off `amount` now. What has run out, or was for once, ends with this. */
export function takeDiscounts(sandbox: Sandbox, subscription: Subscription, amount: number) {
  const { state, clock } = sandbox;
  const taken: { discount: string; amount: number }[] = [];
  let left = amount;
  for (const discount of discountsOf(sandbox, subscription)) {
    const coupon = state.coupons.get(discount.source.coupon) ?? state.goneCoupons.get(discount.source.coupon);
    if (!coupon || (discount.end ?? Infinity) <= clock.seconds()) {
      endDiscount(sandbox, subscription, discount);
      continue;
    }
    const reduction = reductionOf(coupon, left);
    if (reduction === 0) continue;
    taken.push({ discount: discount.id, amount: reduction });
    left -= reduction;
    if (coupon.duration === "once") endDiscount(sandbox, subscription, discount);
  }
  return taken;
}

function discountsOf({ state }: Sandbox, subscription: Subscription): Discount[] {
  return subscription.discounts.flatMap((id) =>
    typeof id === "string" ? (state.discounts.get(id) ?? []) : [],
  );
}
