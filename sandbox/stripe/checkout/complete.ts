import { chargeCard, createIntent } from "../billing/charge-card";
import { attachCard } from "../billing/payment-methods";
import { recordSetup } from "../billing/setup-card";
import { beginSubscription, trialEndOf } from "../billing/subscribe";
import { findTestCard, notATestCard, notAuthenticated, type TestCard } from "../cards";
import type { CardFailure, CheckoutSession, Customer, PaymentIntent, PaymentMethod } from "../records";
import { createCustomer } from "../resources/customers";
import { requireCustomer, requireRow } from "../resources/find";
import type { Sandbox } from "../sandbox";
import type { CardEntry, CheckoutOrder } from "../state";
import { refuseDiscount } from "./order";
import { payOnce } from "./pay-once";

/** What became of a card that somebody entered. */
export type Outcome =
  | { step: "complete" }
  | { step: "authenticate" }
  | { step: "refused"; failure: CardFailure };

export interface Payer {
  email: string;
  /** Null where the session asks for no card. */
  card: CardEntry | null;
}

/**
 * Takes a card for an open session. A card that asks for authentication waits; a refused one leaves the session open.
 * Nothing happens to a session that is not open: call it only for one that is.
 */
export function payCheckout(sandbox: Sandbox, session: CheckoutSession, payer: Payer): Outcome {
  const order = requireOrder(sandbox, session);
  order.waitingCard = null;
  const expired = refuseDiscount(sandbox, session, order);
  if (expired !== null) {
    const failure = {
      type: "invalid_request_error" as const,
      code: "promotion_code_invalid",
      message: expired,
    };
    return { step: "refused", failure };
  }
  if (payer.card === null) return finish(sandbox, session, order, payer.email, null, false);
  const card = findTestCard(payer.card.number);
  if (card === null) return { step: "refused", failure: notATestCard };
  if (card.saving === "asks") {
    order.waitingCard = { card: payer.card, email: payer.email };
    return { step: "authenticate" };
  }
  if (card.saving === "fails") {
    refuse(sandbox, session, card.failure);
    return { step: "refused", failure: card.failure };
  }
  return finish(sandbox, session, order, payer.email, { card, entry: payer.card }, true);
}

/** Goes on after the card's holder authenticated, or did not. Null when no card is waiting. */
export function passAuthentication(
  sandbox: Sandbox,
  session: CheckoutSession,
  passed: boolean,
): Outcome | null {
  const order = requireOrder(sandbox, session);
  const waiting = order.waitingCard;
  const card = waiting && findTestCard(waiting.card.number);
  if (!waiting || !card) return null;
  order.waitingCard = null;
  if (!passed) {
    refuse(sandbox, session, notAuthenticated);
    return { step: "refused", failure: notAuthenticated };
  }
  return finish(sandbox, session, order, waiting.email, { card, entry: waiting.card }, true);
}

export function requireOrder({ state }: Sandbox, session: CheckoutSession): CheckoutOrder {
  return requireRow(state.checkoutOrders, "checkout order", session.id);
}

/** Whether the session asks for a card: not for a trial of which the app said that it may begin without one. */
export function asksForCard(session: CheckoutSession): boolean {
  const always = session.mode === "subscription" && session.payment_method_collection === "always";
  return always || (session.amount_total ?? 0) > 0;
}

function refuse(sandbox: Sandbox, session: CheckoutSession, failure: CardFailure): void {
  recordSetup(sandbox, session.customer, { failure });
}

export interface NewCard {
  card: TestCard;
  entry: CardEntry;
}

function finish(
  sandbox: Sandbox,
  session: CheckoutSession,
  order: CheckoutOrder,
  email: string,
  newCard: NewCard | null,
  holderPresent: boolean,
): Outcome {
  if (session.mode === "payment") return finishOnce(sandbox, session, order, email, newCard, holderPresent);
  const { state, clock, events } = sandbox;
  const price = requireRow(state.prices, "price", order.price);
  const isTrial = trialEndOf(order, clock.seconds()) !== null;
  const customer = customerOf(sandbox, session, email, newCard?.entry.name ?? null);
  const method = newCard && attachCard(sandbox, customer, newCard.card, newCard.entry);
  if (method && (isTrial || session.amount_total === 0))
    recordSetup(sandbox, customer.id, { method: method.id });
  let intent: PaymentIntent | null = null;
  if (!isTrial && (session.amount_total ?? 0) > 0) {
    const paid = payNow(sandbox, session, customer, method, holderPresent);
    if ("failure" in paid) return { step: "refused", failure: paid.failure };
    intent = paid.intent;
  }
  const subscription = beginSubscription(sandbox, { customer, price, order, method, intent });
  Object.assign(session, {
    customer: customer.id,
    customer_details: { ...detailsOf(customer), email },
    invoice: subscription.latest_invoice,
    payment_status: session.amount_total === 0 ? "no_payment_required" : "paid",
    status: "complete",
    subscription: subscription.id,
    url: null,
  } satisfies Partial<CheckoutSession>);
  events.emit("checkout.session.completed", session);
  return { step: "complete" };
}

function finishOnce(
  sandbox: Sandbox,
  session: CheckoutSession,
  order: CheckoutOrder,
  email: string,
  newCard: NewCard | null,
  holderPresent: boolean,
): Outcome {
  const keepsCustomer = session.customer !== null || session.customer_creation === "always";
  const customer = keepsCustomer ? customerOf(sandbox, session, email, newCard?.entry.name ?? null) : null;
  const failure = payOnce(sandbox, session, order, { customer, email, newCard, holderPresent });
  if (failure) return { step: "refused", failure };
  Object.assign(session, {
    customer_details: { ...(customer ? detailsOf(customer) : guestDetails(newCard)), email },
    payment_status: session.amount_total === 0 ? "no_payment_required" : "paid",
    status: "complete",
    url: null,
  } satisfies Partial<CheckoutSession>);
  sandbox.events.emit("checkout.session.completed", session);
  return { step: "complete" };
}

function payNow(
  sandbox: Sandbox,
  session: CheckoutSession,
  customer: Customer,
  method: PaymentMethod | null,
  holderPresent: boolean,
): { intent: PaymentIntent } | { failure: CardFailure } {
  const order = {
    customer,
    method,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    description: "Subscription creation",
    savesCard: true,
    holderPresent,
  };
  const intent = createIntent(sandbox, order);
  const failure = chargeCard(sandbox, intent, order);
  return failure ? { failure } : { intent };
}

/** The session's customer, or a new one, whom the session keeps even when the card is refused afterwards. */
function customerOf(
  sandbox: Sandbox,
  session: CheckoutSession,
  email: string,
  name: string | null,
): Customer {
  if (session.customer !== null) return requireCustomer(sandbox.state, session.customer);
  const customer = createCustomer(sandbox, name === null ? { email } : { email, name });
  session.customer = customer.id;
  return customer;
}

type Details = NonNullable<CheckoutSession["customer_details"]>;

export function detailsOf(customer: Customer): Details {
  const { email, name } = customer;
  return {
    ...guestDetails(null),
    address: customer.address ?? null,
    email,
    name,
    phone: customer.phone ?? null,
  };
}

function guestDetails(newCard: NewCard | null): Details {
  return {
    address: null,
    business_name: null,
    email: null,
    individual_name: null,
    name: newCard?.entry.name ?? null,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}
