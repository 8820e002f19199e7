import { createHash } from "node:crypto";
import type { TestCard } from "../cards";
import { newId } from "../ids";
import type { Customer, PaymentMethod, Subscription } from "../records";
import { requireCustomer } from "../resources/find";
import type { Sandbox } from "../sandbox";
import type { CardEntry } from "../state";

/** Saves a card with a customer. */
export function attachCard(
  sandbox: Sandbox,
  customer: Customer,
  card: TestCard,
  entry: CardEntry,
): PaymentMethod {
  const method = saveCard(sandbox, customer, customer.email, card, entry);
  sandbox.events.emit("payment_method.attached", method);
  return method;
}

/** A card to charge once, or one that a customer keeps. */
export function saveCard(
  { state, clock }: Sandbox,
  customer: Customer | null,
  email: string | null,
  card: TestCard,
  entry: CardEntry,
): PaymentMethod {
  const method: PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "limited",
    billing_details: { address: null, email, name: entry.name, phone: null, tax_id: null },
    card: cardDetails(card, entry),
    created: clock.seconds(),
    customer: customer?.id ?? null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: "card",
  };
  state.paymentMethods.set(method.id, method);
  state.cardNumbers.set(method.id, card.number);
  return method;
}

function cardDetails(card: TestCard, entry: CardEntry): PaymentMethod["card"] {
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: card.brand,
    exp_month: entry.month,
    exp_year: entry.year,
    fingerprint: createHash("sha256").update(card.number).digest("hex").slice(0, 16),
    funding: "credit",
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

/** The card that a subscription's invoices are charged to, or null. */
export function cardOf({ state }: Sandbox, subscription: Subscription): PaymentMethod | null {
  const customer = requireCustomer(state, subscription.customer);
  const id = subscription.default_payment_method ?? customer.invoice_settings.default_payment_method;
  return id === null ? null : (state.paymentMethods.get(id) ?? null);
}
