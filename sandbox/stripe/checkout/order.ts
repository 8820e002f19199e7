import { invalid } from "../api/errors";
import {
  isValidCoupon,
  type Redemption,
  reductionOf,
  refuseCode,
  requireValidCoupon,
} from "../billing/discounts";
import { trialEndOf } from "../billing/subscribe";
import type { CheckoutSession, Price } from "../records";
import { requireRow } from "../resources/find";
import { findCode } from "../resources/promotion-codes";
import type { Sandbox } from "../sandbox";
import type { CheckoutOrder } from "../state";

/** What the session's page asks for today: nothing in a trial, else the price less the discount. */
export function totalsOf({ state, clock }: Sandbox, order: CheckoutOrder, price: Price) {
  const isTrial = trialEndOf(order, clock.seconds()) !== null;
  const subtotal = isTrial ? 0 : price.unit_amount * order.quantity;
  const coupon = order.discount ? state.coupons.get(order.discount.coupon) : undefined;
  const discount = coupon ? reductionOf(coupon, subtotal) : 0;
  return {
    amount_subtotal: subtotal,
    amount_total: subtotal - discount,
    total_details: { amount_discount: discount, amount_shipping: 0, amount_tax: 0 },
    discounts: order.discount
      ? [
          {
            coupon: order.discount.promotionCode ? null : order.discount.coupon,
            promotion_code: order.discount.promotionCode,
          },
        ]
      : [],
  } satisfies Partial<CheckoutSession>;
}

interface Given {
  coupon?: string | undefined;
  promotion_code?: string | undefined;
}

/** The discount that a request names. Throws ApiError when it cannot be given. */
export function redemptionOf(
  sandbox: Sandbox,
  given: Given[] | undefined,
  purchase: { customer: string | null; amount: number; currency: string },
): Redemption | null {
  const [first, ...others] = given ?? [];
  if (!first) return null;
  if (others.length > 0) throw invalid("This sandbox gives one discount at a time.", { param: "discounts" });
  if ((first.coupon === undefined) === (first.promotion_code === undefined)) {
    throw invalid("Pass either a coupon or a promotion code, and not both.", { param: "discounts[0]" });
  }
  if (first.coupon !== undefined) {
    requireValidCoupon(sandbox, first.coupon, purchase.currency, "discounts[0][coupon]");
    return { coupon: first.coupon, promotionCode: null };
  }
  const param = "discounts[0][promotion_code]";
  const code = requireRow(sandbox.state.promotionCodes, "promotion code", first.promotion_code ?? "", param);
  const refusal = refuseCode(sandbox, code, purchase);
  if (refusal !== null) throw invalid(refusal, { code: "promotion_code_invalid", param });
  return { coupon: code.promotion.coupon, promotionCode: code.id };
}

/** Why the session's discount can no longer be given, or null. What two people took for the last one, one of them gets. */
export function refuseDiscount(
  sandbox: Sandbox,
  session: CheckoutSession,
  order: CheckoutOrder,
): string | null {
  const { state, clock } = sandbox;
  const { discount } = order;
  if (!discount) return null;
  const price = requireRow(state.prices, "price", order.price);
  const code = discount.promotionCode === null ? undefined : state.promotionCodes.get(discount.promotionCode);
  if (code) {
    const amount = price.unit_amount * order.quantity;
    return refuseCode(sandbox, code, { customer: session.customer, amount, currency: price.currency });
  }
  const coupon = state.coupons.get(discount.coupon);
  return coupon && isValidCoupon(coupon, clock.seconds()) ? null : "This discount has expired.";
}

/** Takes a code that somebody typed on the page, or none. Gives what is wrong with it, or null. */
export function applyCode(
  sandbox: Sandbox,
  session: CheckoutSession,
  order: CheckoutOrder,
  typed: string,
): string | null {
  const price = requireRow(sandbox.state.prices, "price", order.price);
  if (typed === "") {
    order.discount = null;
  } else {
    const code = findCode(sandbox, typed);
    if (!code) return "There is no such code.";
    const amount = price.unit_amount * order.quantity;
    const refusal = refuseCode(sandbox, code, {
      customer: session.customer,
      amount,
      currency: price.currency,
    });
    if (refusal !== null) return refusal;
    order.discount = { coupon: code.promotion.coupon, promotionCode: code.id };
  }
  Object.assign(session, totalsOf(sandbox, order, price));
  return null;
}
