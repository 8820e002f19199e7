import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { filled, mergeMetadata, metadata, orNull, text, truth, webAddress } from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { PortalConfiguration } from "../records";
import type { State } from "../state";
import { requireRow } from "./find";

const on = z.strictObject({ enabled: truth });
const proration = z.enum(["always_invoice", "create_prorations", "none"]);

const features = z.strictObject({
  customer_update: on
    .extend({
      allowed_updates: z.union([z.literal(""), z.array(z.enum(["address", "email", "name"]))]).optional(),
    })
    .optional(),
  invoice_history: on.optional(),
  payment_method_update: on.optional(),
  subscription_cancel: on
    .extend({
      mode: z.literal("at_period_end", "must be at_period_end: this sandbox's portal cancels so").optional(),
      proration_behavior: proration.optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      enabled: truth.optional(),
      default_allowed_updates: z
        .union([
          z.literal(""),
          z.array(z.literal("price", "must be price: this sandbox's portal switches prices")),
        ])
        .optional(),
      products: z
        .union([
          z.literal(""),
          z.array(z.strictObject({ product: filled, prices: z.array(filled).min(1, "empty") })),
        ])
        .optional(),
      proration_behavior: proration.optional(),
      trial_update_behavior: z.enum(["continue_trial", "end_trial"]).optional(),
    })
    .optional(),
});

const shared = {
  business_profile: z
    .strictObject({
      headline: text.max(60, "is longer than 60 characters").optional(),
      privacy_policy_url: webAddress.optional(),
      terms_of_service_url: webAddress.optional(),
    })
    .optional(),
  default_return_url: webAddress.optional(),
  metadata: metadata.optional(),
  name: text.optional(),
};

const creation = z.strictObject({ features, ...shared });
const change = z.strictObject({ active: truth.optional(), features: features.optional(), ...shared });

type Features = PortalConfiguration["features"];
type GivenFeatures = z.output<typeof features>;

const NOTHING: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: "at_period_end",
    proration_behavior: "none",
  },
  subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: null,
    proration_behavior: "none",
    schedule_at_period_end: { conditions: [] },
    // Stripe ends the trial of who switches, unless it is told otherwise.
    trial_update_behavior: "end_trial",
  },
};

function merge(state: State, current: Features, given: GivenFeatures): Features {
  const { customer_update, subscription_update, ...rest } = given;
  const merged: Features = {
    customer_update: {
      enabled: customer_update?.enabled ?? current.customer_update.enabled,
      allowed_updates: customer_update?.allowed_updates || current.customer_update.allowed_updates,
    },
    invoice_history: { ...current.invoice_history, ...rest.invoice_history },
    payment_method_update: { ...current.payment_method_update, ...rest.payment_method_update },
    subscription_cancel: {
      ...current.subscription_cancel,
      ...defined(rest.subscription_cancel ?? {}),
    },
    subscription_pause: current.subscription_pause,
    subscription_update: mergeUpdate(current.subscription_update, subscription_update ?? {}),
  };
  checkProducts(state, merged.subscription_update);
  return merged;
}

function mergeUpdate(
  current: Features["subscription_update"],
  { products, default_allowed_updates: updates, ...given }: NonNullable<GivenFeatures["subscription_update"]>,
): Features["subscription_update"] {
  return {
    ...current,
    ...defined(given),
    default_allowed_updates: updates === "" ? [] : (updates ?? current.default_allowed_updates),
    products:
      products === undefined
        ? (current.products ?? null)
        : (products || []).map(({ product, prices }) => ({
            adjustable_quantity: { enabled: false, maximum: null, minimum: 1 },
            prices,
            product,
          })),
  };
}

function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** What people may switch to has to be on sale, of the product that it stands under, and one price for an interval. */
function checkProducts(state: State, update: Features["subscription_update"]): void {
  const param = "features[subscription_update][products]";
  if (update.enabled && (update.products ?? []).length === 0)
    throw invalid("`products` must be given when subscription updates are enabled.", { param });
  if (update.enabled && update.default_allowed_updates.length === 0)
    throw invalid("`default_allowed_updates` must be given when subscription updates are enabled.", {
      param: "features[subscription_update][default_allowed_updates]",
    });
  for (const { product, prices } of update.products ?? []) {
    requireRow(state.products, "product", product, param);
    const intervals = prices.map((id) => {
      const price = requireRow(state.prices, "price", id, param);
      if (price.product !== product || !price.active || price.recurring === null)
        throw invalid(`The price ${id} must be active, recurring, and of the product ${product}.`, { param });
      return `${price.currency} ${price.recurring.interval_count} ${price.recurring.interval}`;
    });
    if (new Set(intervals).size < intervals.length)
      throw invalid("The prices of a product must each have another interval.", { param });
  }
}

export const portalConfigurationRoutes: Route[] = [
  route("POST", "/v1/billing_portal/configurations", creation, ({ state, clock, events }, given) => {
    const configuration: PortalConfiguration = {
      id: newId("bpc"),
      object: "billing_portal.configuration",
      active: true,
      application: null,
      business_profile: profileOf(given.business_profile),
      created: clock.seconds(),
      default_return_url: given.default_return_url ?? null,
      features: merge(state, NOTHING, given.features),
      is_default: false,
      livemode: false,
      login_page: { enabled: false, url: null },
      metadata: mergeMetadata({}, given.metadata),
      name: orNull(given.name),
      updated: clock.seconds(),
    };
    state.portalConfigurations.set(configuration.id, configuration);
    events.emit("billing_portal.configuration.created", configuration);
    return configuration;
  }),
  route(
    "GET",
    "/v1/billing_portal/configurations/:configuration",
    z.strictObject({}),
    ({ state }, _given, id) => requireRow(state.portalConfigurations, "configuration", id),
  ),
  route(
    "POST",
    "/v1/billing_portal/configurations/:configuration",
    change,
    ({ state, clock, events }, given, id) => {
      const current = requireRow(state.portalConfigurations, "configuration", id);
      events.change("billing_portal.configuration.updated", current, {
        active: given.active ?? current.active,
        business_profile: given.business_profile
          ? profileOf(given.business_profile, current.business_profile)
          : current.business_profile,
        default_return_url: given.default_return_url ?? current.default_return_url,
        features: given.features ? merge(state, current.features, given.features) : current.features,
        metadata: mergeMetadata(current.metadata ?? {}, given.metadata),
        name: orNull(given.name, current.name),
        updated: clock.seconds(),
      });
      return current;
    },
  ),
  route(
    "GET",
    "/v1/billing_portal/configurations",
    z.strictObject({ ...paging, active: truth.optional(), is_default: truth.optional() }),
    ({ state }, given) => {
      const rows = [...state.portalConfigurations.values()].filter(
        ({ active, is_default }) =>
          (given.active ?? active) === active && (given.is_default ?? is_default) === is_default,
      );
      return listPage("/v1/billing_portal/configurations", rows, given);
    },
  ),
];

function profileOf(
  given: z.output<typeof shared.business_profile>,
  current: PortalConfiguration["business_profile"] = {
    headline: null,
    privacy_policy_url: null,
    terms_of_service_url: null,
  },
): PortalConfiguration["business_profile"] {
  return {
    headline: orNull(given?.headline, current.headline),
    privacy_policy_url: given?.privacy_policy_url ?? current.privacy_policy_url,
    terms_of_service_url: given?.terms_of_service_url ?? current.terms_of_service_url,
  };
}
