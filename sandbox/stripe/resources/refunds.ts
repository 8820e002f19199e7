import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { filled, integerBetween, isWithin, mergeMetadata, metadata, range } from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { Charge, Refund } from "../records";
import type { Sandbox } from "../sandbox";
import { requireRow } from "./find";

const creation = z.strictObject({
  amount: integerBetween(1, 99_999_999).optional(),
  charge: filled.optional(),
  payment_intent: filled.optional(),
  metadata: metadata.optional(),
  reason: z
    .enum(["duplicate", "fraudulent", "requested_by_customer"], "must be one of Stripe's reasons")
    .optional(),
});

type Creation = z.output<typeof creation>;

function chargeOf({ state }: Sandbox, given: Creation): Charge {
  if (given.charge !== undefined) return requireRow(state.charges, "charge", given.charge, "charge");
  if (given.payment_intent === undefined) {
    throw invalid(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = requireRow(state.paymentIntents, "payment_intent", given.payment_intent, "payment_intent");
  if (intent.latest_charge === null || intent.status !== "succeeded") {
    throw invalid("This PaymentIntent does not have a successful charge to refund.", {
      param: "payment_intent",
    });
  }
  return requireRow(state.charges, "charge", intent.latest_charge);
}

/** Gives back what the request names, or all that is left. Throws ApiError where that cannot be. */
export function createRefund(sandbox: Sandbox, given: Creation): Refund {
  const { state, clock, events } = sandbox;
  const charge = chargeOf(sandbox, given);
  if (charge.status !== "succeeded")
    throw invalid(`Charge ${charge.id} did not succeed and cannot be refunded.`);
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  const amount = given.amount ?? left;
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  }
  const refund: Refund = {
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: clock.seconds(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: mergeMetadata({}, given.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
  state.refunds.set(refund.id, refund);
  events.emit("refund.created", refund);
  events.change("charge.refunded", charge, {
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === left,
  });
  return refund;
}

export const refundRoutes: Route[] = [
  route("POST", "/v1/refunds", creation, createRefund),
  route("GET", "/v1/refunds/:refund", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.refunds, "refund", id),
  ),
  route(
    "GET",
    "/v1/refunds",
    z.strictObject({
      ...paging,
      charge: filled.optional(),
      created: range.optional(),
      payment_intent: filled.optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.refunds.values()].filter(
        (refund) =>
          isWithin(refund.created, given.created) &&
          (given.charge ?? refund.charge) === refund.charge &&
          (given.payment_intent ?? refund.payment_intent) === refund.payment_intent,
      );
      return listPage("/v1/refunds", rows, given);
    },
  ),
];
