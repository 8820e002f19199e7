import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import {
  filled,
  integerBetween,
  isWithin,
  mergeMetadata,
  metadata,
  orNull,
  range,
  text,
  truth,
} from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { Plan, Price } from "../records";
import type { Sandbox } from "../sandbox";
import type { State } from "../state";
import { requireRow } from "./find";
import { createProduct } from "./products";

const MAX_AMOUNT = 99_999_999;
const interval = z.enum(["day", "week", "month", "year"], "must be one of day, week, month, or year");
const taxBehavior = z.enum(
  ["exclusive", "inclusive", "unspecified"],
  "must be exclusive, inclusive or unspecified",
);

const creation = z.strictObject({
  currency: z.string().regex(/^[a-z]{3}$/i, "must be a three-letter currency code"),
  unit_amount: integerBetween(0, MAX_AMOUNT),
  product: filled.optional(),
  product_data: z.strictObject({ name: filled, metadata: metadata.optional() }).optional(),
  recurring: z
    .strictObject({
      interval,
      interval_count: integerBetween(1, 36).optional(),
      usage_type: z.literal("licensed", "must be licensed: this sandbox has no meters").optional(),
    })
    .optional(),
  active: truth.optional(),
  billing_scheme: z.literal("per_unit", "must be per_unit: this sandbox has no tiers").optional(),
  lookup_key: text.max(200, "is longer than 200 characters").optional(),
  transfer_lookup_key: truth.optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  tax_behavior: taxBehavior.optional(),
});

function productOf(sandbox: Sandbox, given: z.output<typeof creation>): string {
  if (given.product !== undefined) {
    if (given.product_data)
      throw invalid("You may only specify one of these parameters: product, product_data.");
    return requireRow(sandbox.state.products, "product", given.product, "product").id;
  }
  if (!given.product_data) {
    throw invalid("Missing required param: product.", { code: "parameter_missing", param: "product" });
  }
  return createProduct(sandbox, given.product_data).id;
}

/** Throws when another price has the key, unless it is to be taken from it. */
function claimLookupKey(
  { state, events }: Sandbox,
  key: string | null,
  transfer: boolean,
  own?: string,
): void {
  const holder = [...state.prices.values()].find((price) => price.lookup_key === key);
  if (key === null || !holder || holder.id === own) return;
  if (!transfer) {
    throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: "lookup_key" });
  }
  events.change("price.updated", holder, { lookup_key: null });
  copyToItems(state, holder);
}

/** A price that a checkout makes for itself. */
export const priceData = creation.pick({
  currency: true,
  unit_amount: true,
  product: true,
  product_data: true,
  recurring: true,
  tax_behavior: true,
});

export function createPrice(sandbox: Sandbox, given: z.output<typeof creation>): Price {
  const { state, clock, events } = sandbox;
  const lookupKey = orNull(given.lookup_key);
  claimLookupKey(sandbox, lookupKey, given.transfer_lookup_key ?? false);
  const price: Price = {
    id: newId("price"),
    object: "price",
    active: given.active ?? true,
    billing_scheme: "per_unit",
    created: clock.seconds(),
    currency: given.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: lookupKey,
    metadata: mergeMetadata({}, given.metadata),
    nickname: orNull(given.nickname),
    product: productOf(sandbox, given),
    recurring: given.recurring
      ? {
          interval: given.recurring.interval,
          interval_count: given.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: "licensed",
        }
      : null,
    tax_behavior: given.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring ? "recurring" : "one_time",
    unit_amount: given.unit_amount,
    unit_amount_decimal: String(given.unit_amount),
  };
  state.prices.set(price.id, price);
  events.emit("price.created", price);
  return price;
}

/** The older form of a recurring price, which subscription items still carry. */
export function planOf(price: Price): Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? "month",
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}

function copyToItems(state: State, price: Price): void {
  for (const { items } of state.subscriptions.values()) {
    for (const item of items.data) {
      if (item.price.id === price.id)
        Object.assign(item, { price: structuredClone(price), plan: planOf(price) });
    }
  }
}

const change = z.strictObject({
  active: truth.optional(),
  lookup_key: text.max(200, "is longer than 200 characters").optional(),
  transfer_lookup_key: truth.optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  tax_behavior: taxBehavior.optional(),
});

const listing = z.strictObject({
  ...paging,
  active: truth.optional(),
  created: range.optional(),
  currency: filled.optional(),
  lookup_keys: z.array(filled).max(10, "has more than 10 keys").optional(),
  product: filled.optional(),
  recurring: z
    .strictObject({ interval: interval.optional(), usage_type: z.enum(["licensed", "metered"]).optional() })
    .optional(),
  type: z.enum(["one_time", "recurring"], "must be one_time or recurring").optional(),
});

function matches(price: Price, given: z.output<typeof listing>): boolean {
  return (
    (given.active ?? price.active) === price.active &&
    isWithin(price.created, given.created) &&
    (given.currency ?? price.currency) === price.currency &&
    (given.lookup_keys?.includes(price.lookup_key ?? "") ?? true) &&
    (given.product ?? price.product) === price.product &&
    (given.recurring?.interval ?? price.recurring?.interval) === price.recurring?.interval &&
    (given.recurring?.usage_type ?? price.recurring?.usage_type) === price.recurring?.usage_type &&
    (given.type ?? price.type) === price.type
  );
}

export const priceRoutes: Route[] = [
  route("POST", "/v1/prices", creation, createPrice),
  route("GET", "/v1/prices/:price", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.prices, "price", id),
  ),
  route("POST", "/v1/prices/:price", change, (sandbox, given, id) => {
    const price = requireRow(sandbox.state.prices, "price", id);
    const lookupKey = orNull(given.lookup_key, price.lookup_key);
    claimLookupKey(sandbox, lookupKey, given.transfer_lookup_key ?? false, id);
    sandbox.events.change("price.updated", price, {
      active: given.active ?? price.active,
      lookup_key: lookupKey,
      metadata: mergeMetadata(price.metadata, given.metadata),
      nickname: orNull(given.nickname, price.nickname),
      tax_behavior: given.tax_behavior ?? price.tax_behavior,
    });
    copyToItems(sandbox.state, price);
    return price;
  }),
  route("GET", "/v1/prices", listing, ({ state }, given) =>
    listPage(
      "/v1/prices",
      [...state.prices.values()].filter((price) => matches(price, given)),
      given,
    ),
  ),
];
