import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import {
  decimal,
  filled,
  integer,
  integerBetween,
  isWithin,
  mergeMetadata,
  metadata,
  orNull,
  range,
  text,
} from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { Coupon } from "../records";
import type { Sandbox } from "../sandbox";
import { requireRow } from "./find";

const creation = z.strictObject({
  id: filled.optional(),
  amount_off: integerBetween(1, 99_999_999).optional(),
  currency: filled.optional(),
  duration: z.enum(["forever", "once", "repeating"]).optional(),
  duration_in_months: integerBetween(1, 1_200).optional(),
  max_redemptions: integerBetween(1, 999_999_999).optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  percent_off: decimal
    .refine((value) => value > 0 && value <= 100, "must be over 0 and at most 100")
    .optional(),
  redeem_by: integer.optional(),
});

function checkCoupon({ state, clock }: Sandbox, given: z.output<typeof creation>): void {
  if ((given.percent_off === undefined) === (given.amount_off === undefined)) {
    throw invalid("You must pass either `percent_off` or `amount_off`, and not both.");
  }
  if (given.amount_off !== undefined && given.currency === undefined) {
    throw invalid("You must pass `currency` when passing `amount_off`.", { param: "currency" });
  }
  if ((given.duration === "repeating") !== (given.duration_in_months !== undefined)) {
    const message = "`duration_in_months` must be passed with the duration `repeating`, and with no other.";
    throw invalid(message, { param: "duration_in_months" });
  }
  if (given.redeem_by !== undefined && given.redeem_by <= clock.seconds()) {
    throw invalid("`redeem_by` must be in the future.", { param: "redeem_by" });
  }
  if (given.id !== undefined && state.coupons.has(given.id)) {
    throw invalid(`Coupon already exists: ${given.id}`, { code: "resource_already_exists", param: "id" });
  }
}

function createCoupon(sandbox: Sandbox, given: z.output<typeof creation>): Coupon {
  checkCoupon(sandbox, given);
  const { state, clock, events } = sandbox;
  const coupon: Coupon = {
    id: given.id ?? newId("coupon").slice(-8),
    object: "coupon",
    amount_off: given.amount_off ?? null,
    created: clock.seconds(),
    currency: given.amount_off === undefined ? null : (given.currency?.toLowerCase() ?? null),
    duration: given.duration ?? "once",
    duration_in_months: given.duration_in_months ?? null,
    livemode: false,
    max_redemptions: given.max_redemptions ?? null,
    metadata: mergeMetadata({}, given.metadata),
    name: orNull(given.name),
    percent_off: given.percent_off ?? null,
    redeem_by: given.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  };
  state.coupons.set(coupon.id, coupon);
  events.emit("coupon.created", coupon);
  return coupon;
}

/** Who has the discount keeps it; nobody gets it any more. */
function deleteCoupon({ state, events }: Sandbox, id: string) {
  const coupon = requireRow(state.coupons, "coupon", id);
  state.coupons.delete(id);
  state.goneCoupons.set(id, coupon);
  events.emit("coupon.deleted", coupon);
  return { id, object: "coupon", deleted: true };
}

export const couponRoutes: Route[] = [
  route("POST", "/v1/coupons", creation, createCoupon),
  route("GET", "/v1/coupons/:coupon", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.coupons, "coupon", id),
  ),
  route(
    "POST",
    "/v1/coupons/:coupon",
    z.strictObject({ metadata: metadata.optional(), name: text.optional() }),
    ({ state, events }, given, id) => {
      const coupon = requireRow(state.coupons, "coupon", id);
      events.change("coupon.updated", coupon, {
        metadata: mergeMetadata(coupon.metadata ?? {}, given.metadata),
        name: orNull(given.name, coupon.name),
      });
      return coupon;
    },
  ),
  route("DELETE", "/v1/coupons/:coupon", z.strictObject({}), (sandbox, _given, id) =>
    deleteCoupon(sandbox, id),
  ),
  route(
    "GET",
    "/v1/coupons",
    z.strictObject({ ...paging, created: range.optional() }),
    ({ state }, given) => {
      const rows = [...state.coupons.values()].filter(({ created }) => isWithin(created, given.created));
      return listPage("/v1/coupons", rows, given);
    },
  ),
];
