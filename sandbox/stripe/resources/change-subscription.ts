import { z } from "zod";
import { invalid, missing } from "../api/errors";
import {
  filled,
  integer,
  integerBetween,
  mergeMetadata,
  metadata,
  orNull,
  text,
  truth,
} from "../api/parameters";
import { isOver, setCancelAtPeriodEnd } from "../billing/cancel";
import { changePrice } from "../billing/change-price";
import { endDiscount, redeem } from "../billing/discounts";
import { soleItem } from "../billing/invoice-record";
import { setPause } from "../billing/pause-collection";
import { chargeFromNow, endTrialNow, moveTrialEnd } from "../billing/periods";
import { redemptionOf } from "../checkout/order";
import type { Subscription } from "../records";
import type { Sandbox } from "../sandbox";
import { requireRow } from "./find";

const feedback = z.enum(
  [
    "",
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
  ],
  "must be one of Stripe's reasons",
);
export const cancellationDetails = z.strictObject({
  comment: text.optional(),
  feedback: feedback.optional(),
});
const proration = z.enum(["always_invoice", "create_prorations", "none"]).optional();
export const noProration = z.literal("none", "must be none: this sandbox does not prorate here").optional();

export const change = z.strictObject({
  billing_cycle_anchor: z
    .strictObject({ type: z.enum(["now", "unchanged"], "must be now or unchanged") })
    .optional(),
  cancel_at_period_end: truth.optional(),
  cancellation_details: cancellationDetails.optional(),
  default_payment_method: filled.optional(),
  description: text.max(500, "is longer than 500 characters").optional(),
  discounts: z
    .union([
      z.literal(""),
      z.array(
        z.strictObject({
          coupon: filled.optional(),
          discount: filled.optional(),
          promotion_code: filled.optional(),
        }),
      ),
    ])
    .optional(),
  items: z
    .array(
      z.strictObject({
        id: filled.optional(),
        price: filled.optional(),
        quantity: integerBetween(1, 999_999).optional(),
      }),
    )
    .length(1, "must name one item: this sandbox sells one price in a subscription")
    .optional(),
  metadata: metadata.optional(),
  pause_collection: z
    .union([
      z.literal(""),
      z.strictObject({
        behavior: z.enum(["keep_as_draft", "mark_uncollectible", "void"]),
        resumes_at: integer.optional(),
      }),
    ])
    .optional(),
  proration_behavior: proration,
  trial_end: z.union([z.literal("now"), integer], "must be now or a time in Unix seconds").optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]) }),
    })
    .optional(),
});

type Change = z.output<typeof change>;

export function detailsOf(
  given: z.output<typeof cancellationDetails> | undefined,
  current: Subscription["cancellation_details"],
) {
  return {
    comment: orNull(given?.comment, current.comment),
    feedback: given?.feedback === undefined ? current.feedback : given.feedback || null,
  };
}

export function updateSubscription(sandbox: Sandbox, given: Change, id: string): Subscription {
  const { state, events } = sandbox;
  const subscription = requireRow(state.subscriptions, "subscription", id);
  checkChange(sandbox, subscription, given);
  events.change("customer.subscription.updated", subscription, {
    default_payment_method: given.default_payment_method ?? subscription.default_payment_method,
    description: orNull(given.description, subscription.description),
    metadata: mergeMetadata(subscription.metadata, given.metadata),
    trial_settings: given.trial_settings
      ? { end_behavior: { billing_cycle_anchor: null, ...given.trial_settings.end_behavior } }
      : subscription.trial_settings,
  });
  if (given.discounts !== undefined) replaceDiscounts(sandbox, subscription, given.discounts);
  if (given.pause_collection !== undefined) {
    const pause = given.pause_collection || null;
    setPause(
      sandbox,
      subscription,
      pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
    );
  }
  if (given.items) sellAnother(sandbox, subscription, given);
  const details = detailsOf(given.cancellation_details, subscription.cancellation_details);
  if (given.cancel_at_period_end !== undefined) {
    setCancelAtPeriodEnd(
      sandbox,
      subscription,
      given.cancel_at_period_end,
      given.cancellation_details ? details : {},
    );
  } else if (given.cancellation_details) {
    const cancellation_details = { ...subscription.cancellation_details, ...details };
    events.change("customer.subscription.updated", subscription, { cancellation_details });
  }
  if (given.billing_cycle_anchor?.type === "now" && subscription.status === "active" && !given.items)
    chargeFromNow(sandbox, subscription, {});
  if (given.trial_end === "now") {
    if (subscription.status === "trialing") endTrialNow(sandbox, subscription);
  } else if (given.trial_end !== undefined) {
    moveTrialEnd(sandbox, subscription, given.trial_end);
  }
  return subscription;
}

type Discounts = NonNullable<Change["discounts"]>;

/** Those that are not named any more end; `discount` names one to keep. */
export function replaceDiscounts(sandbox: Sandbox, subscription: Subscription, given: Discounts): void {
  const { state, events } = sandbox;
  const wanted = given === "" ? [] : given;
  const { customer, currency } = subscription;
  const item = soleItem(subscription);
  const purchase = { customer, currency, amount: item.price.unit_amount * item.quantity };
  const kept = wanted.flatMap(({ discount }) => discount ?? []);
  const fresh = redemptionOf(
    sandbox,
    wanted.filter(({ discount }) => discount === undefined),
    purchase,
  );
  const before = [...subscription.discounts];
  for (const id of before) {
    const discount = typeof id === "string" ? state.discounts.get(id) : undefined;
    if (discount && !kept.includes(discount.id)) endDiscount(sandbox, subscription, discount);
  }
  if (fresh) redeem(sandbox, subscription, fresh);
  if (JSON.stringify(before) !== JSON.stringify(subscription.discounts)) {
    events.emit("customer.subscription.updated", subscription, { discounts: before });
  }
}

function sellAnother(sandbox: Sandbox, subscription: Subscription, given: Change): void {
  const item = soleItem(subscription);
  const wanted = given.items?.[0];
  const price = sandbox.state.prices.get(wanted?.price ?? item.price.id);
  if (!price) return;
  const to = { price, quantity: wanted?.quantity ?? item.quantity };
  changePrice(sandbox, subscription, to, given.proration_behavior ?? "create_prorations");
}

function checkItem({ state }: Sandbox, subscription: Subscription, given: Change): void {
  const [wanted] = given.items ?? [];
  if (!wanted) return;
  const item = soleItem(subscription);
  if (wanted.id === undefined) {
    const message =
      "Name the item to change in `items[0][id]`: this sandbox sells one price in a subscription.";
    throw invalid(message, { param: "items[0][id]" });
  }
  if (wanted.id !== item.id) throw missing("subscription_item", wanted.id, "items[0][id]");
  if (wanted.price === undefined) return;
  const price = requireRow(state.prices, "price", wanted.price, "items[0][price]");
  if (!price.active || price.recurring === null || price.currency !== subscription.currency) {
    throw invalid("The price must be active, recurring, and in the subscription's currency.", {
      param: "items[0][price]",
    });
  }
}

function checkChange(sandbox: Sandbox, subscription: Subscription, given: Change): void {
  const { state, clock } = sandbox;
  checkItem(sandbox, subscription, given);
  const { cancellation_details: _details, metadata: _metadata, ...rest } = given;
  if (isOver(subscription) && Object.values(rest).some((value) => value !== undefined)) {
    throw invalid("A canceled subscription can only update its cancellation_details and metadata.");
  }
  if (given.default_payment_method !== undefined) {
    const method = requireRow(
      state.paymentMethods,
      "PaymentMethod",
      given.default_payment_method,
      "default_payment_method",
    );
    if (method.customer !== subscription.customer) {
      throw invalid("The payment method must be attached to the subscription's customer.", {
        param: "default_payment_method",
      });
    }
  }
  if (given.billing_cycle_anchor?.type === "now" && given.proration_behavior !== "none") {
    throw invalid("This sandbox begins a new period only without proration.", {
      param: "proration_behavior",
    });
  }
  if (typeof given.trial_end === "number" && given.trial_end <= clock.seconds()) {
    throw invalid("Invalid timestamp: must be in the future. Use `now` to end the trial.", {
      param: "trial_end",
    });
  }
}
