import { z } from "zod";
import { listPage, paging } from "../api/lists";
import { filled, isWithin, range } from "../api/parameters";
import { type Route, route } from "../api/route";
import { requireRow } from "./find";

/** Charges and the intents behind them: made by invoices and checkouts, read here. */
export const chargeRoutes: Route[] = [
  route("GET", "/v1/charges/:charge", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.charges, "charge", id),
  ),
  route(
    "GET",
    "/v1/charges",
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: filled.optional(),
      payment_intent: filled.optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.charges.values()].filter(
        (charge) =>
          isWithin(charge.created, given.created) &&
          (given.customer ?? charge.customer) === charge.customer &&
          (given.payment_intent ?? charge.payment_intent) === charge.payment_intent,
      );
      return listPage("/v1/charges", rows, given);
    },
  ),
  route("GET", "/v1/payment_intents/:intent", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.paymentIntents, "payment_intent", id),
  ),
  route(
    "GET",
    "/v1/payment_intents",
    z.strictObject({ ...paging, created: range.optional(), customer: filled.optional() }),
    ({ state }, given) => {
      const rows = [...state.paymentIntents.values()].filter(
        (intent) =>
          isWithin(intent.created, given.created) && (given.customer ?? intent.customer) === intent.customer,
      );
      return listPage("/v1/payment_intents", rows, given);
    },
  ),
  route("GET", "/v1/setup_intents/:intent", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.setupIntents, "setupintent", id),
  ),
];
