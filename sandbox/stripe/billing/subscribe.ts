import { DAY, nextPeriodEnd } from "../calendar";
import { newId } from "../ids";
import type { Customer, PaymentIntent, PaymentMethod, Price, Subscription } from "../records";
import { planOf } from "../resources/prices";
import type { Sandbox } from "../sandbox";
import type { CheckoutOrder } from "../state";
import { finalizeInvoice, settle } from "./collect";
import { redeem } from "./discounts";
import { draftInvoice, soleItem } from "./invoice-record";

/** Stripe tells of a trial's end this long before. */
export const TRIAL_REMINDER_BEFORE = 3 * DAY;

export interface Beginning {
  customer: Customer;
  price: Price;
  order: CheckoutOrder;
  method: PaymentMethod | null;
  /** The payment of the first period, already made; null for a trial. */
  intent: PaymentIntent | null;
}

/** When the trial of an order that begins now ends, in Unix seconds; null where there is none. */
export function trialEndOf(order: CheckoutOrder, now: number): number | null {
  if (order.trialEnd !== null) return order.trialEnd;
  return order.trialDays === null ? null : now + order.trialDays * DAY;
}

/** Begins a subscription that is in its trial or paid, with its first invoice. */
export function beginSubscription(sandbox: Sandbox, beginning: Beginning): Subscription {
  const { state, clock, events } = sandbox;
  const now = clock.seconds();
  const trialEnd = trialEndOf(beginning.order, now);
  const subscription = recordOf(beginning, now, trialEnd);
  state.subscriptions.set(subscription.id, subscription);
  state.progress.set(subscription.id, { trialReminderSent: false });
  if (beginning.order.discount) redeem(sandbox, subscription, beginning.order.discount);
  const invoice = draftInvoice(sandbox, subscription, soleItem(subscription), {
    reason: "subscription_create",
    isTrial: trialEnd !== null,
    lookedBack: { start: now, end: now },
  });
  subscription.latest_invoice = invoice.id;
  beginning.customer.currency ??= beginning.price.currency;
  events.emit("customer.subscription.created", subscription);
  events.emit("invoice.created", invoice);
  finalizeInvoice(sandbox, invoice);
  if (beginning.intent) Object.assign(invoice, { attempt_count: 1 });
  settle(sandbox, invoice, beginning.intent);
  return subscription;
}

function recordOf(
  { customer, price, order, method }: Beginning,
  now: number,
  trialEnd: number | null,
): Subscription {
  const id = newId("sub");
  const anchor = trialEnd ?? now;
  const periodEnd =
    trialEnd ?? nextPeriodEnd(now, price.recurring ?? { interval: "month", interval_count: 1 }, now);
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: now,
    currency: price.currency,
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: method?.id ?? null,
    default_source: null,
    default_tax_rates: [],
    description: order.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: {
      object: "list",
      data: [
        {
          id: newId("si"),
          object: "subscription_item",
          billing_thresholds: null,
          created: now,
          current_period_end: periodEnd,
          current_period_start: now,
          current_trial: null,
          discounts: [],
          metadata: {},
          plan: planOf(price),
          price: structuredClone(price),
          quantity: order.quantity,
          subscription: id,
          tax_rates: [],
        },
      ],
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: { ...order.metadata },
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: trialEnd === null ? "active" : "trialing",
    test_clock: null,
    transfer_data: null,
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: order.whenNoCard },
    },
    trial_start: trialEnd === null ? null : now,
  };
}
