import { z } from "zod";
import { invalid } from "../api/errors";
import {
  email,
  filled,
  integer,
  integerBetween,
  mergeMetadata,
  metadata,
  orNull,
  text,
  truth,
  webAddress,
} from "../api/parameters";
import { HOUR } from "../calendar";
import { detailsOf } from "../checkout/complete";
import { redemptionOf, totalsOf } from "../checkout/order";
import { newId } from "../ids";
import type { CheckoutSession, Price } from "../records";
import type { Sandbox } from "../sandbox";
import type { CheckoutOrder } from "../state";
import { blankSession } from "./blank-session";
import { requireCustomer, requireRow } from "./find";
import { createPrice, priceData } from "./prices";

const MAX_TRIAL_DAYS = 730;
const modes = ["payment", "setup", "subscription"] as const;
const localeWords = "must be auto or a locale such as en or pt-BR";

export const creation = z.strictObject({
  mode: z.enum(modes, "must be one of payment, setup, or subscription"),
  success_url: webAddress,
  cancel_url: webAddress.optional(),
  line_items: z
    .array(
      z.strictObject({
        price: filled.optional(),
        price_data: priceData.optional(),
        quantity: integerBetween(1, 999_999).optional(),
      }),
    )
    .min(1, "empty"),
  allow_promotion_codes: truth.optional(),
  automatic_tax: z
    .strictObject({ enabled: z.literal("false", "must be false: this sandbox knows no taxes") })
    .optional(),
  billing_address_collection: z.enum(["auto", "required"], "must be auto or required").optional(),
  client_reference_id: text.max(200, "is longer than 200 characters").optional(),
  customer: filled.optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  customer_email: email.optional(),
  customer_update: z
    .strictObject({
      address: z.enum(["auto", "never"]).optional(),
      name: z.enum(["auto", "never"]).optional(),
    })
    .optional(),
  discounts: z
    .array(z.strictObject({ coupon: filled.optional(), promotion_code: filled.optional() }))
    .optional(),
  expires_at: integer.optional(),
  locale: z
    .string()
    .regex(/^(auto|[a-z]{2,3}(-[A-Z0-9]{2,3})?)$/, localeWords)
    .optional(),
  metadata: metadata.optional(),
  payment_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  payment_method_collection: z.enum(["always", "if_required"], "must be always or if_required").optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay", "subscribe"]).optional(),
  subscription_data: z
    .strictObject({
      description: text.max(500, "is longer than 500 characters").optional(),
      metadata: metadata.optional(),
      trial_end: integer.optional(),
      trial_period_days: integerBetween(1, MAX_TRIAL_DAYS).optional(),
      trial_settings: z
        .strictObject({
          end_behavior: z.strictObject({
            missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]),
          }),
        })
        .optional(),
    })
    .optional(),
  ui_mode: z.literal("hosted_page", "must be hosted_page: this sandbox embeds nothing").optional(),
});

type Creation = z.output<typeof creation>;

export function createSession(sandbox: Sandbox, given: Creation): CheckoutSession {
  const { state, clock, publicUrl } = sandbox;
  const now = clock.seconds();
  const price = checkPrice(sandbox, given);
  checkMode(given);
  const order = orderOf(given, price, now);
  const expiresAt = given.expires_at ?? now + 24 * HOUR;
  if (given.expires_at !== undefined && (expiresAt < now + HOUR / 2 || expiresAt > now + 24 * HOUR)) {
    throw invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", {
      param: "expires_at",
    });
  }
  if (given.customer !== undefined && given.customer_email !== undefined) {
    throw invalid("You may only specify one of these parameters: customer, customer_email.");
  }
  if (given.customer_update && given.customer === undefined) {
    throw invalid("`customer_update` can only be used with `customer`.", { param: "customer_update" });
  }
  const customer = given.customer === undefined ? null : requireCustomer(state, given.customer, "customer");
  if (given.discounts && given.allow_promotion_codes !== undefined) {
    throw invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.");
  }
  const amount = price.unit_amount * order.quantity;
  order.discount = redemptionOf(sandbox, given.discounts, {
    customer: customer?.id ?? null,
    amount,
    currency: price.currency,
  });
  const id = newId("cs_test");
  const isPayment = given.mode === "payment";
  const session: CheckoutSession = {
    ...blankSession,
    id,
    allow_promotion_codes: given.allow_promotion_codes ?? null,
    ...totalsOf(sandbox, order, price),
    billing_address_collection: given.billing_address_collection ?? null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: orNull(given.client_reference_id),
    created: now,
    currency: price.currency,
    customer: customer?.id ?? null,
    customer_creation: customer ? null : isPayment ? (given.customer_creation ?? "if_required") : "always",
    customer_details: customer ? detailsOf(customer) : null,
    customer_email: given.customer_email ?? null,
    expires_at: expiresAt,
    locale: given.locale ?? null,
    metadata: mergeMetadata({}, given.metadata),
    mode: isPayment ? "payment" : "subscription",
    payment_method_collection: isPayment ? null : (given.payment_method_collection ?? "always"),
    submit_type: given.submit_type ?? null,
    success_url: given.success_url,
    url: `${publicUrl}/c/pay/${id}`,
  };
  state.checkoutSessions.set(id, session);
  state.checkoutOrders.set(id, order);
  return session;
}

/** What one mode takes and the other does not. */
function checkMode(given: Creation): void {
  const refuse = (param: keyof Creation, mode: string) => {
    if (given[param] === undefined || given.mode === mode) return;
    throw invalid(`You can not pass \`${param}\` in \`${given.mode}\` mode.`, { param });
  };
  refuse("subscription_data", "subscription");
  refuse("payment_method_collection", "subscription");
  refuse("payment_intent_data", "payment");
  refuse("customer_creation", "payment");
}

function checkPrice(sandbox: Sandbox, given: Creation): Price {
  const { state } = sandbox;
  if (given.mode === "setup") {
    throw invalid("This sandbox offers the modes payment and subscription, not setup.", { param: "mode" });
  }
  const [item, ...others] = given.line_items;
  if (!item || others.length > 0) {
    throw invalid("This sandbox sells one price in a session.", { param: "line_items" });
  }
  if ((item.price === undefined) === (item.price_data === undefined)) {
    const message = "You must pass either `price` or `price_data` for each line item.";
    throw invalid(message, { code: "parameter_missing", param: "line_items[0][price]" });
  }
  const price = item.price_data
    ? createPrice(sandbox, item.price_data)
    : requireRow(state.prices, "price", item.price ?? "", "line_items[0][price]");
  if (!price.active) {
    throw invalid(`The price specified is inactive. This field only accepts active prices.`, {
      param: "line_items[0][price]",
    });
  }
  if (state.products.get(price.product)?.active === false) {
    throw invalid(`The product of the price \`${price.id}\` is inactive.`, { param: "line_items[0][price]" });
  }
  if (given.mode === "subscription" && price.type !== "recurring") {
    throw invalid("You must provide at least one recurring price in `subscription` mode.", {
      param: "line_items",
    });
  }
  if (given.mode === "payment" && price.type === "recurring") {
    const message =
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.";
    throw invalid(message, { param: "line_items" });
  }
  return price;
}

function orderOf(
  { line_items: [item], subscription_data: data = {}, payment_intent_data: payment = {} }: Creation,
  price: Price,
  now: number,
): CheckoutOrder {
  if (data.trial_end !== undefined && data.trial_period_days !== undefined) {
    throw invalid("You may only specify one of these parameters: trial_end, trial_period_days.");
  }
  if (data.trial_end !== undefined && data.trial_end < now + 48 * HOUR) {
    const param = "subscription_data[trial_end]";
    throw invalid("The `trial_end` date has to be at least 2 days in the future.", { param });
  }
  return {
    price: price.id,
    quantity: item?.quantity ?? 1,
    trialDays: data.trial_period_days ?? null,
    trialEnd: data.trial_end ?? null,
    metadata: mergeMetadata({}, data.metadata ?? payment.metadata),
    description: orNull(data.description ?? payment.description),
    discount: null,
    whenNoCard: data.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    waitingCard: null,
  };
}
