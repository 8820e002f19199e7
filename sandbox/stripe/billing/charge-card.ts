import { findTestCard, noCard } from "../cards";
import { newId } from "../ids";
import type { CardFailure, Charge, Customer, PaymentIntent, PaymentMethod } from "../records";
import type { Sandbox } from "../sandbox";
import { openDispute } from "./disputes";

interface Order {
  /** Null: a guest, who pays once. */
  customer: Customer | null;
  method: PaymentMethod | null;
  amount: number;
  currency: string;
  description: string | null;
  metadata?: Record<string, string>;
  /** Whether the card is kept for later charges. */
  savesCard: boolean;
  /** Whether the card's holder is there, and has authenticated where the card asks for it. */
  holderPresent: boolean;
}

/** A new intention to collect money. */
export function createIntent({ state, clock, events }: Sandbox, order: Order): PaymentIntent {
  const id = newId("pi");
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: order.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: `${id}_secret_${newId("x").slice(2)}`,
    confirmation_method: "automatic",
    created: clock.seconds(),
    currency: order.currency,
    customer: order.customer?.id ?? null,
    customer_account: null,
    description: order.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: { ...order.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: order.savesCard ? "off_session" : null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_group: null,
  };
  state.paymentIntents.set(id, intent);
  events.emit("payment_intent.created", intent);
  return intent;
}

/** Tries to collect the money, and tells why the card refused, or null when it paid. May be tried again. */
export function chargeCard(sandbox: Sandbox, intent: PaymentIntent, order: Order): CardFailure | null {
  const { events } = sandbox;
  const { method } = order;
  const failure = method === null ? noCard : refusalOf(sandbox, method, order.holderPresent);
  const charge = method && recordCharge(sandbox, intent, order, method, failure);
  Object.assign(intent, {
    latest_charge: charge?.id ?? intent.latest_charge,
    payment_method: failure ? null : (method?.id ?? null),
    last_payment_error: failure,
    status: failure ? "requires_payment_method" : "succeeded",
    amount_received: failure ? 0 : intent.amount,
  } satisfies Partial<PaymentIntent>);
  if (charge) events.emit(failure ? "charge.failed" : "charge.succeeded", charge);
  events.emit(failure ? "payment_intent.payment_failed" : "payment_intent.succeeded", intent);
  const number = method && sandbox.state.cardNumbers.get(method.id);
  if (charge && !failure && findTestCard(number ?? "")?.charging === "disputed") openDispute(sandbox, charge);
  return failure;
}

function refusalOf(
  { state, faults }: Sandbox,
  method: PaymentMethod,
  holderPresent: boolean,
): CardFailure | null {
  const card = findTestCard(state.cardNumbers.get(method.id) ?? "");
  if (card === null) return noCard;
  const withHolder = card.charging === "asks" || card.charging === "stops";
  const passes =
    card.charging === "succeeds" || card.charging === "disputed" || (withHolder && holderPresent);
  return passes ? faults.refuseCard() : card.failure;
}

function recordCharge(
  { state, clock }: Sandbox,
  intent: PaymentIntent,
  order: Order,
  method: PaymentMethod,
  failure: CardFailure | null,
): Charge {
  const id = newId("ch");
  const charge: Charge = {
    id,
    object: "charge",
    amount: intent.amount,
    amount_captured: failure ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: failure ? null : newId("txn"),
    billing_details: { ...method.billing_details },
    calculated_statement_descriptor: "SANDBOX",
    captured: failure === null,
    created: clock.seconds(),
    currency: intent.currency,
    customer: order.customer?.id ?? null,
    description: order.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...order.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(failure),
    paid: failure === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: "card", card: usedCard(method, failure ? 0 : intent.amount) },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failure ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: null,
  };
  state.charges.set(id, charge);
  return charge;
}

function usedCard({ card }: PaymentMethod, amount: number): Charge["payment_method_details"]["card"] {
  const { brand, checks, country, exp_month, exp_year, funding, last4, regulated_status } = card;
  return {
    ...{ brand, checks, country, exp_month, exp_year, funding, last4, regulated_status },
    fingerprint: card.fingerprint ?? null,
    amount_authorized: amount,
    authorization_code: null,
    electronic_commerce_indicator: null,
    installments: null,
    mandate: null,
    network: brand,
    network_transaction_id: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

function outcomeOf(failure: CardFailure | null): Charge["outcome"] {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: failure ? "declined_by_network" : "approved_by_network",
    reason: failure?.decline_code ?? null,
    risk_level: "normal",
    risk_score: 20,
    seller_message: failure ? "The bank did not accept the charge." : "Payment complete.",
    type: failure ? "issuer_declined" : "authorized",
  };
}
