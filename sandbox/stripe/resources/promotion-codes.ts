import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import {
  filled,
  integer,
  integerBetween,
  isWithin,
  mergeMetadata,
  metadata,
  range,
  truth,
} from "../api/parameters";
import { type Route, route } from "../api/route";
import { isValidCoupon } from "../billing/discounts";
import { newId, newPromotionCode } from "../ids";
import type { PromotionCode } from "../records";
import type { Sandbox } from "../sandbox";
import { requireCustomer, requireRow } from "./find";

const creation = z.strictObject({
  promotion: z.strictObject({ type: z.literal("coupon"), coupon: filled }),
  active: truth.optional(),
  code: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,500}$/, "may have letters, digits and dashes only")
    .optional(),
  customer: filled.optional(),
  expires_at: integer.optional(),
  max_redemptions: integerBetween(1, 999_999_999).optional(),
  metadata: metadata.optional(),
  restrictions: z
    .strictObject({
      first_time_transaction: truth.optional(),
      minimum_amount: integerBetween(1, 99_999_999).optional(),
      minimum_amount_currency: filled.optional(),
    })
    .optional(),
});

/** The active code that somebody typed; capitals do not matter. */
export function findCode({ state }: Sandbox, typed: string): PromotionCode | undefined {
  const wanted = typed.trim().toUpperCase();
  return [...state.promotionCodes.values()].find(
    ({ code, active }) => active && code.toUpperCase() === wanted,
  );
}

function createCode(sandbox: Sandbox, given: z.output<typeof creation>): PromotionCode {
  const { state, clock, events } = sandbox;
  requireRow(state.coupons, "coupon", given.promotion.coupon, "promotion[coupon]");
  if (given.customer !== undefined) requireCustomer(state, given.customer, "customer");
  const code = given.code ?? newPromotionCode();
  if (findCode(sandbox, code)) {
    throw taken(code);
  }
  const promotion: PromotionCode = {
    id: newId("promo"),
    object: "promotion_code",
    active: given.active ?? true,
    code,
    created: clock.seconds(),
    customer: given.customer ?? null,
    customer_account: null,
    expires_at: given.expires_at ?? null,
    livemode: false,
    max_redemptions: given.max_redemptions ?? null,
    metadata: mergeMetadata({}, given.metadata),
    promotion: given.promotion,
    restrictions: {
      first_time_transaction: given.restrictions?.first_time_transaction ?? false,
      minimum_amount: given.restrictions?.minimum_amount ?? null,
      minimum_amount_currency: given.restrictions?.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  };
  state.promotionCodes.set(promotion.id, promotion);
  events.emit("promotion_code.created", promotion);
  return promotion;
}

/** "Can only be reactivated when the coupon is still valid and the code is otherwise redeemable", as Stripe has it. */
function checkRevival(sandbox: Sandbox, code: PromotionCode): void {
  const { state, clock } = sandbox;
  const coupon = state.coupons.get(code.promotion.coupon);
  const isOver =
    !coupon ||
    !isValidCoupon(coupon, clock.seconds()) ||
    (code.max_redemptions ?? Infinity) <= code.times_redeemed ||
    (code.expires_at ?? Infinity) <= clock.seconds();
  if (isOver) throw invalid("This promotion code can no longer be redeemed.", { param: "active" });
  if (findCode(sandbox, code.code)) throw taken(code.code);
}

function taken(code: string) {
  return invalid(`An active promotion code with \`code: ${code}\` already exists.`, {
    code: "resource_already_exists",
    param: "code",
  });
}

const listing = z.strictObject({
  ...paging,
  active: truth.optional(),
  code: filled.optional(),
  coupon: filled.optional(),
  created: range.optional(),
  customer: filled.optional(),
});

export const promotionCodeRoutes: Route[] = [
  route("POST", "/v1/promotion_codes", creation, createCode),
  route("GET", "/v1/promotion_codes/:code", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.promotionCodes, "promotion_code", id),
  ),
  route(
    "POST",
    "/v1/promotion_codes/:code",
    z.strictObject({ active: truth.optional(), metadata: metadata.optional() }),
    (sandbox, given, id) => {
      const { state, events } = sandbox;
      const code = requireRow(state.promotionCodes, "promotion_code", id);
      if (given.active && !code.active) checkRevival(sandbox, code);
      events.change("promotion_code.updated", code, {
        active: given.active ?? code.active,
        metadata: mergeMetadata(code.metadata ?? {}, given.metadata),
      });
      return code;
    },
  ),
  route("GET", "/v1/promotion_codes", listing, ({ state }, given) => {
    const rows = [...state.promotionCodes.values()].filter(
      (code) =>
        (given.active ?? code.active) === code.active &&
        isWithin(code.created, given.created) &&
        (given.code ?? code.code).toUpperCase() === code.code.toUpperCase() &&
        (given.coupon ?? code.promotion.coupon) === code.promotion.coupon &&
        (given.customer ?? code.customer) === code.customer,
    );
    return listPage("/v1/promotion_codes", rows, given);
  }),
];
