import type Stripe from "stripe";

/**
 * The objects as this sandbox keeps and sends them: Stripe's own types, with ids where Stripe may put whole objects, and
 * with decimals as the strings that travel.
 */
type ById<T, K extends keyof T> = Omit<T, K> & { [P in K]: null extends T[P] ? string | null : string };

type Decimals = "unit_amount_decimal" | "currency_options" | "tiers" | "custom_unit_amount" | "deleted";

export type Product = ById<Omit<Stripe.Product, "deleted" | "default_price">, never> & {
  default_price: string | null;
};
export type Price = ById<Omit<Stripe.Price, Decimals>, "product"> & {
  unit_amount: number;
  unit_amount_decimal: string;
  custom_unit_amount: null;
};
export type Plan = Omit<Stripe.Plan, "amount_decimal" | "deleted" | "tiers" | "product"> & {
  amount_decimal: string;
  product: string;
};
export type Customer = Omit<
  Stripe.Customer,
  "deleted" | "subscriptions" | "sources" | "tax_ids" | "invoice_settings"
> & {
  name: string | null;
  invoice_prefix: string;
  next_invoice_sequence: number;
  invoice_settings: Omit<Stripe.Customer.InvoiceSettings, "default_payment_method"> & {
    default_payment_method: string | null;
  };
};
export type DeletedCustomer = Stripe.DeletedCustomer;
export type PaymentMethod = Omit<Stripe.PaymentMethod, "customer"> & {
  customer: string | null;
  card: Stripe.PaymentMethod.Card;
};
export type SubscriptionItem = Omit<Stripe.SubscriptionItem, "price" | "plan" | "deleted"> & {
  price: Price;
  plan: Plan;
  quantity: number;
};
export type Subscription = Omit<
  ById<
    Stripe.Subscription,
    "customer" | "default_payment_method" | "latest_invoice" | "pending_setup_intent"
  >,
  "items"
> & {
  items: Stripe.ApiList<SubscriptionItem>;
  cancellation_details: Stripe.Subscription.CancellationDetails;
};
export type InvoiceLine = Omit<
  Stripe.InvoiceLineItem,
  "subscription" | "pricing" | "quantity_decimal" | "discounts"
> & {
  subscription: string | null;
  quantity: number;
  quantity_decimal: string;
  discounts: string[];
  pricing: {
    type: "price_details";
    price_details: { price: string; product: string };
    unit_amount_decimal: string;
  };
};
export type Invoice = Omit<
  ById<Omit<Stripe.Invoice, "deleted" | "payments">, "default_payment_method">,
  "customer" | "lines" | "parent"
> & {
  customer: string;
  lines: Stripe.ApiList<InvoiceLine>;
  parent: {
    type: "subscription_details";
    quote_details: null;
    subscription_details: { subscription: string; metadata: Stripe.Metadata };
  };
};
export type InvoicePayment = Omit<Stripe.InvoicePayment, "invoice" | "payment"> & {
  invoice: string;
  payment: { type: "payment_intent"; payment_intent: string };
};
export type PaymentIntent = Omit<
  ById<Stripe.PaymentIntent, "latest_charge" | "payment_method">,
  "customer" | "last_payment_error"
> & { customer: string | null; last_payment_error: CardFailure | null };
export type SetupIntent = Omit<
  ById<Stripe.SetupIntent, "payment_method">,
  "customer" | "last_setup_error"
> & { customer: string | null; last_setup_error: CardFailure | null };
export type Charge = Omit<
  ById<Stripe.Charge, "balance_transaction" | "payment_intent">,
  "customer" | "refunds" | "payment_method_details"
> & {
  customer: string | null;
  payment_method_details: { type: "card"; card: Stripe.Charge.PaymentMethodDetails.Card };
};
export type Refund = Omit<ById<Stripe.Refund, "charge" | "payment_intent" | "payment_method">, "customer"> & {
  customer: string | null;
};
export type CheckoutSession = Omit<
  ById<Stripe.Checkout.Session, "invoice" | "payment_intent" | "setup_intent" | "subscription">,
  "customer" | "line_items"
> & { customer: string | null };
export type Coupon = Omit<Stripe.Coupon, "deleted" | "applies_to" | "currency_options">;
export type PromotionCode = Omit<Stripe.PromotionCode, "customer" | "promotion"> & {
  customer: string | null;
  promotion: { type: "coupon"; coupon: string };
};
export type Discount = Omit<Stripe.Discount, "deleted" | "customer" | "promotion_code" | "source"> & {
  customer: string;
  promotion_code: string | null;
  source: { type: "coupon"; coupon: string };
};
export type Dispute = ById<Stripe.Dispute, "charge" | "payment_intent">;
export type LineItem = Omit<Stripe.LineItem, "price"> & { price: Price };
export type PortalSession = Omit<Stripe.BillingPortal.Session, "configuration"> & { configuration: string };
export type PortalConfiguration = Omit<Stripe.BillingPortal.Configuration, "application"> & {
  application: null;
};
export type WebhookEndpoint = Omit<Stripe.WebhookEndpoint, "deleted">;
export type EventType = Stripe.Event["type"];
export type Event = Omit<Stripe.EventBase, "data" | "type" | "request"> & {
  type: EventType;
  data: { object: object; previous_attributes?: Record<string, unknown> };
  request: { id: string | null; idempotency_key: string | null };
};

/** Why a card was refused, as Stripe words it in `last_payment_error` and in error answers. */
export interface CardFailure {
  type: "card_error" | "invalid_request_error";
  code: string;
  decline_code?: string;
  message: string;
}
