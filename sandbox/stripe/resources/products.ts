import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import {
  filled,
  isWithin,
  mergeMetadata,
  metadata,
  orNull,
  range,
  text,
  truth,
  webAddress,
} from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { Product } from "../records";
import type { Sandbox } from "../sandbox";
import { requireRow } from "./find";

const fields = {
  active: truth.optional(),
  description: text.optional(),
  images: z.array(webAddress).max(8).optional(),
  metadata: metadata.optional(),
  statement_descriptor: text.max(22, "is longer than 22 characters").optional(),
  tax_code: text.optional(),
  unit_label: text.max(12, "is longer than 12 characters").optional(),
  url: webAddress.optional(),
};

const creation = z.strictObject({ id: filled.optional(), name: filled, ...fields });
const change = z.strictObject({ name: filled.optional(), default_price: filled.optional(), ...fields });

export function createProduct({ state, clock, events }: Sandbox, given: z.output<typeof creation>): Product {
  const id = given.id ?? newId("prod");
  if (state.products.has(id)) {
    throw invalid(`Product already exists: ${id}`, { code: "resource_already_exists", param: "id" });
  }
  const product: Product = {
    id,
    object: "product",
    active: given.active ?? true,
    created: clock.seconds(),
    default_price: null,
    description: orNull(given.description),
    images: given.images ?? [],
    livemode: false,
    marketing_features: [],
    metadata: mergeMetadata({}, given.metadata),
    name: given.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: orNull(given.statement_descriptor),
    tax_code: orNull(given.tax_code),
    tax_details: null,
    type: "service",
    unit_label: orNull(given.unit_label),
    updated: clock.seconds(),
    url: given.url ?? null,
  };
  state.products.set(id, product);
  events.emit("product.created", product);
  return product;
}

export const productRoutes: Route[] = [
  route("POST", "/v1/products", creation, createProduct),
  route("GET", "/v1/products/:product", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.products, "product", id),
  ),
  route("POST", "/v1/products/:product", change, ({ state, clock, events }, given, id) => {
    const product = requireRow(state.products, "product", id);
    if (given.default_price !== undefined)
      requireRow(state.prices, "price", given.default_price, "default_price");
    events.change("product.updated", product, {
      active: given.active ?? product.active,
      default_price: given.default_price ?? product.default_price,
      description: orNull(given.description, product.description),
      images: given.images ?? product.images,
      metadata: mergeMetadata(product.metadata, given.metadata),
      name: given.name ?? product.name,
      statement_descriptor: orNull(given.statement_descriptor, product.statement_descriptor ?? null),
      unit_label: orNull(given.unit_label, product.unit_label ?? null),
      url: given.url ?? product.url,
      updated: clock.seconds(),
    });
    return product;
  }),
  route(
    "GET",
    "/v1/products",
    z.strictObject({
      ...paging,
      active: truth.optional(),
      created: range.optional(),
      ids: z.array(filled).optional(),
      shippable: truth.optional(),
      url: webAddress.optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.products.values()].filter(
        (product) =>
          (given.active ?? product.active) === product.active &&
          isWithin(product.created, given.created) &&
          (given.ids?.includes(product.id) ?? true) &&
          (given.shippable ?? product.shippable ?? false) === (product.shippable ?? false) &&
          (given.url ?? product.url) === product.url,
      );
      return listPage("/v1/products", rows, given);
    },
  ),
];
