import { z } from "zod";
import { type List, listPage, paging } from "../api/lists";
import { filled } from "../api/parameters";
import { type Route, route } from "../api/route";
import type { PaymentMethod } from "../records";
import type { State } from "../state";
import { requireCustomer, requireRow } from "./find";

const kind = z.literal("card", "must be card: this sandbox knows no other payment methods").optional();
type Paging = Parameters<typeof listPage>[2];

function listOf(state: State, url: string, customer: string | undefined, given: Paging): List<PaymentMethod> {
  const rows = [...state.paymentMethods.values()].filter(
    (method) => customer === undefined || method.customer === customer,
  );
  return listPage(url, rows, given);
}

export const paymentMethodRoutes: Route[] = [
  route("GET", "/v1/payment_methods/:method", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.paymentMethods, "PaymentMethod", id),
  ),
  route(
    "GET",
    "/v1/payment_methods",
    z.strictObject({ ...paging, customer: filled.optional(), type: kind }),
    ({ state }, given) => {
      if (given.customer !== undefined) requireCustomer(state, given.customer, "customer");
      return listOf(state, "/v1/payment_methods", given.customer, given);
    },
  ),
  route(
    "GET",
    "/v1/customers/:customer/payment_methods",
    z.strictObject({ ...paging, type: kind }),
    ({ state }, given, id) => {
      requireCustomer(state, id);
      return listOf(state, `/v1/customers/${id}/payment_methods`, id, given);
    },
  ),
];
