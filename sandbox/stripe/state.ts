import type { Redemption } from "./billing/discounts";
import type { Turn } from "./chaos";
import type {
  Charge,
  CheckoutSession,
  Coupon,
  Customer,
  DeletedCustomer,
  Discount,
  Dispute,
  Event,
  Invoice,
  InvoicePayment,
  PaymentIntent,
  PaymentMethod,
  PortalConfiguration,
  PortalSession,
  Price,
  Product,
  PromotionCode,
  Refund,
  SetupIntent,
  Subscription,
  WebhookEndpoint,
} from "./records";

/** What a checkout session leads to; Stripe keeps it, but does not show it on the session. */
export interface CheckoutOrder {
  price: string;
  quantity: number;
  trialDays: number | null;
  trialEnd: number | null;
  metadata: Record<string, string>;
  description: string | null;
  discount: Redemption | null;
  whenNoCard: "cancel" | "create_invoice" | "pause";
  /** A card that waits for its holder to pass authentication. */
  waitingCard: WaitingCard | null;
}

export interface WaitingCard {
  card: CardEntry;
  email: string;
}

/** A card as somebody typed it. */
export interface CardEntry {
  number: string;
  month: number;
  year: number;
  name: string;
}

/** What Stripe knows about a subscription beside the object it shows. */
export interface SubscriptionProgress {
  trialReminderSent: boolean;
  /** Lines that the next invoice takes along. */
  pending?: PendingLine[];
}

export interface PendingLine {
  amount: number;
  description: string;
  period: { start: number; end: number };
}

export interface Attempt {
  /** Real time in milliseconds. */
  at: number;
  httpStatus: number | null;
  error: string | null;
  tookMs: number;
}

export interface Delivery {
  event: string;
  url: string;
  /** Lost on the way: the chaos switch dropped it. */
  status: "pending" | "delivered" | "failed" | "lost";
  tries: number;
  /** The newest, oldest first; a sandbox of an older version did not write them down. */
  attempts?: Attempt[];
  /** The wrong turns that the chaos switch made it take. */
  turns?: Turn[];
  /** The last answer's status, or null when there was no answer. */
  httpStatus: number | null;
  error: string | null;
  /** Real time in milliseconds, for a delivery that is pending. */
  nextTryAt: number | null;
}

export interface RememberedAnswer {
  request: string;
  requestId: string;
  status: number;
  body: string;
  /** Real time in milliseconds. */
  at: number;
}

/** Everything the sandbox remembers, in insertion order. Plain data: it is saved as JSON. */
export interface State {
  /** Milliseconds that the sandbox's time is ahead of real time. */
  clockOffset: number;
  products: Map<string, Product>;
  prices: Map<string, Price>;
  coupons: Map<string, Coupon>;
  /** Deleted ones, for the discounts that they gave. */
  goneCoupons: Map<string, Coupon>;
  promotionCodes: Map<string, PromotionCode>;
  discounts: Map<string, Discount>;
  disputes: Map<string, Dispute>;
  customers: Map<string, Customer | DeletedCustomer>;
  paymentMethods: Map<string, PaymentMethod>;
  /** The number of each card, by payment method: it decides what a charge does. */
  cardNumbers: Map<string, string>;
  subscriptions: Map<string, Subscription>;
  progress: Map<string, SubscriptionProgress>;
  invoices: Map<string, Invoice>;
  invoicePayments: Map<string, InvoicePayment>;
  paymentIntents: Map<string, PaymentIntent>;
  setupIntents: Map<string, SetupIntent>;
  charges: Map<string, Charge>;
  refunds: Map<string, Refund>;
  checkoutSessions: Map<string, CheckoutSession>;
  checkoutOrders: Map<string, CheckoutOrder>;
  portalConfigurations: Map<string, PortalConfiguration>;
  portalSessions: Map<string, PortalSession>;
  /** Cards that wait for their holder to pass authentication, by portal session. */
  waitingCards: Map<string, CardEntry>;
  webhookEndpoints: Map<string, WebhookEndpoint>;
  events: Map<string, Event>;
  deliveries: Map<string, Delivery>;
  answers: Map<string, RememberedAnswer>;
}

export function emptyState(clockOffset: number): State {
  return {
    clockOffset,
    products: new Map(),
    prices: new Map(),
    coupons: new Map(),
    goneCoupons: new Map(),
    promotionCodes: new Map(),
    discounts: new Map(),
    disputes: new Map(),
    customers: new Map(),
    paymentMethods: new Map(),
    cardNumbers: new Map(),
    subscriptions: new Map(),
    progress: new Map(),
    invoices: new Map(),
    invoicePayments: new Map(),
    paymentIntents: new Map(),
    setupIntents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    checkoutSessions: new Map(),
    checkoutOrders: new Map(),
    portalConfigurations: new Map(),
    portalSessions: new Map(),
    waitingCards: new Map(),
    webhookEndpoints: new Map(),
    events: new Map(),
    deliveries: new Map(),
    answers: new Map(),
  };
}

/** Keeps the clock and forgets the rest. */
export function clearState(state: State): void {
  for (const table of Object.values(state)) if (table instanceof Map) table.clear();
}

/** A table by the name it has in a saved file, for what must walk over all of them. */
export function listTables(state: State): [string, Map<string, object | string>][] {
  return Object.entries(state).filter(
    (entry): entry is [string, Map<string, object | string>] => entry[1] instanceof Map,
  );
}
