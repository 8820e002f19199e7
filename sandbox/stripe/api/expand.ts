import { lineItemsOf } from "../resources/line-items";
import type { State } from "../state";
import { invalid } from "./errors";
import { type List, wholeList } from "./lists";

const MAX_DEPTH = 4;

/** Fields that hold an id and can show the whole object instead. */
const EXPANDABLE = new Set([
  "charge",
  "coupon",
  "customer",
  "discounts",
  "default_payment_method",
  "default_price",
  "invoice",
  "latest_charge",
  "latest_invoice",
  "payment_intent",
  "payment_method",
  "pending_setup_intent",
  "price",
  "product",
  "promotion_code",
  "setup_intent",
  "subscription",
]);

type Json = Record<string, unknown>;

/** Fields that are left out unless they are asked for, by kind of object and name. */
const INCLUDABLE: Readonly<Record<string, (state: State, id: string) => List<object>>> = {
  "checkout.session.line_items": (state, id) =>
    wholeList(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(state, id)),
  "invoice.payments": (state, id) =>
    wholeList(
      "/v1/invoice_payments",
      [...state.invoicePayments.values()].filter((row) => row.invoice === id),
    ),
  "charge.refunds": (state, id) =>
    wholeList(
      `/v1/charges/${id}/refunds`,
      [...state.refunds.values()].filter((row) => row.charge === id),
    ),
  "customer.subscriptions": (state, id) =>
    wholeList(
      `/v1/customers/${id}/subscriptions`,
      [...state.subscriptions.values()].filter((row) => row.customer === id && row.status !== "canceled"),
    ),
};

/**
 * A copy of `answer` with the named fields expanded (`latest_invoice.payments`, `data.customer`): see
 * https://docs.stripe.com/expand. Throws ApiError for a path that cannot be.
 */
export function expand(state: State, answer: object, paths: string[]): object {
  const copy: object = structuredClone(answer);
  for (const path of paths) {
    const parts = path.split(".");
    if (parts.length > MAX_DEPTH) {
      throw invalid(`You cannot expand more than ${MAX_DEPTH} levels of a property: ${path}.`, {
        param: "expand",
      });
    }
    walk(state, copy, parts, path);
  }
  return copy;
}

function walk(state: State, node: unknown, [name, ...rest]: string[], path: string): void {
  if (name === undefined || node === null || node === undefined) return;
  if (Array.isArray(node)) {
    for (const element of node) walk(state, element, [name, ...rest], path);
    return;
  }
  if (!isJson(node)) throw cannot(path);
  walk(state, fill(state, node, name, path, rest.length === 0), rest, path);
}

/** The value of a field, put in place first when it is an id or was left out. */
function fill(state: State, node: Json, name: string, path: string, isLast: boolean): unknown {
  const include = INCLUDABLE[`${String(node.object)}.${name}`];
  if (include && node[name] === undefined) {
    node[name] = structuredClone(include(state, String(node.id)));
    return node[name];
  }
  if (!Object.hasOwn(node, name)) throw cannot(path);
  const value = node[name];
  if (Array.isArray(value) && EXPANDABLE.has(name)) {
    node[name] = value.map((part: unknown) => {
      const found = typeof part === "string" ? findById(state, part) : undefined;
      return found ? structuredClone(found) : part;
    });
  } else if (typeof value === "string") {
    const found = EXPANDABLE.has(name) ? findById(state, value) : undefined;
    if (!found) throw cannot(path);
    node[name] = structuredClone(found);
  } else if (isLast && !EXPANDABLE.has(name) && !include) {
    throw cannot(path);
  }
  return node[name];
}

function findById(state: State, id: string): object | undefined {
  const tables = [
    state.customers,
    state.products,
    state.prices,
    state.paymentMethods,
    state.subscriptions,
    state.invoices,
    state.paymentIntents,
    state.setupIntents,
    state.charges,
    state.refunds,
    state.coupons,
    state.goneCoupons,
    state.promotionCodes,
    state.discounts,
    state.checkoutSessions,
  ];
  for (const table of tables) {
    const found = table.get(id);
    if (found) return found;
  }
  return undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cannot(path: string) {
  return invalid(`This property cannot be expanded (${path}).`, { param: "expand" });
}
