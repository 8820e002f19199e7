import { DAY } from "../calendar";
import { newId } from "../ids";
import type {
  CardFailure,
  Customer,
  Invoice,
  InvoicePayment,
  PaymentIntent,
  PaymentMethod,
  Subscription,
} from "../records";
import { requireCustomer } from "../resources/find";
import type { Sandbox } from "../sandbox";
import { cancelNow, isOver } from "./cancel";
import { chargeCard, createIntent } from "./charge-card";
import { cardOf } from "./payment-methods";

/** Days between a failed charge and the next try; after the last one the subscription ends. */
const RETRY_AFTER_DAYS: readonly number[] = [3, 5, 7];

/** Gives the invoice its number and opens it. From here on its amounts stand. */
export function finalizeInvoice({ state, clock, events, publicUrl }: Sandbox, invoice: Invoice): void {
  const customer = requireCustomer(state, invoice.customer);
  const now = clock.seconds();
  const sequence = String(customer.next_invoice_sequence).padStart(4, "0");
  customer.next_invoice_sequence += 1;
  settleCredit(events, customer, invoice);
  Object.assign(invoice, {
    automatically_finalizes_at: null,
    effective_at: now,
    ending_balance: customer.balance,
    hosted_invoice_url: `${publicUrl}/i/${invoice.id}`,
    number: `${customer.invoice_prefix}-${sequence}`,
    status: "open",
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
  } satisfies Partial<Invoice>);
  events.emit("invoice.finalized", invoice);
}

/** What credit the customer has pays first; a total below nothing becomes credit for the next invoice. */
function settleCredit(events: Sandbox["events"], customer: Customer, invoice: Invoice): void {
  const due = Math.max(0, invoice.total + customer.balance);
  Object.assign(invoice, {
    starting_balance: customer.balance,
    amount_due: due,
    amount_remaining: due,
  } satisfies Partial<Invoice>);
  events.change("customer.updated", customer, { balance: Math.min(0, invoice.total + customer.balance) });
}

export interface Attempt {
  /** The card to charge; left out, it is the subscription's. */
  method?: PaymentMethod;
  holderPresent: boolean;
}

/**
 * Charges an open invoice, and sets its subscription by the outcome: paid makes a past-due one active, a failure makes it
 * past due and plans the next try, the last failure ends it. Gives the card's refusal, or null when it is paid.
 */
export function collectInvoice(sandbox: Sandbox, invoice: Invoice, attempt: Attempt): CardFailure | null {
  const subscription = subscriptionOf(sandbox, invoice);
  if (invoice.amount_remaining === 0) {
    settle(sandbox, invoice, null);
    return null;
  }
  const order = {
    customer: requireCustomer(sandbox.state, invoice.customer),
    method: attempt.method ?? cardOf(sandbox, subscription),
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    description: `Invoice ${invoice.number}`,
    savesCard: true,
    holderPresent: attempt.holderPresent,
  };
  const intent = openIntent(sandbox, invoice) ?? createIntent(sandbox, order);
  linkIntent(sandbox, invoice, intent);
  const failure = chargeCard(sandbox, intent, order);
  Object.assign(invoice, { attempted: true, attempt_count: invoice.attempt_count + 1 });
  if (failure === null) settle(sandbox, invoice, intent);
  else takeRefusal(sandbox, invoice, subscription, failure);
  return failure;
}

/** Marks an invoice as paid by an intent that already succeeded, or by nothing when it is for nothing. */
export function settle(sandbox: Sandbox, invoice: Invoice, intent: PaymentIntent | null): void {
  const { clock, events } = sandbox;
  const now = clock.seconds();
  if (intent) {
    const payment = linkIntent(sandbox, invoice, intent);
    Object.assign(payment, {
      amount_paid: intent.amount,
      status: "paid",
      status_transitions: { canceled_at: null, paid_at: now },
    } satisfies Partial<InvoicePayment>);
    events.emit("invoice_payment.paid", payment);
  }
  Object.assign(invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  } satisfies Partial<Invoice>);
  events.emit("invoice.paid", invoice);
  events.emit("invoice.payment_succeeded", invoice);
  const subscription = subscriptionOf(sandbox, invoice);
  if (subscription.status === "past_due" && subscription.latest_invoice === invoice.id) {
    events.change("customer.subscription.updated", subscription, { status: "active" });
  }
}

function takeRefusal(
  sandbox: Sandbox,
  invoice: Invoice,
  subscription: Subscription,
  failure: CardFailure,
): void {
  const { clock, events } = sandbox;
  const pause = isOver(subscription) ? undefined : RETRY_AFTER_DAYS[invoice.attempt_count - 1];
  invoice.next_payment_attempt = pause === undefined ? null : clock.seconds() + pause * DAY;
  events.emit("invoice.payment_failed", invoice);
  if (failure.code === "authentication_required") events.emit("invoice.payment_action_required", invoice);
  if (subscription.status === "active") {
    events.change("customer.subscription.updated", subscription, { status: "past_due" });
  }
  if (pause === undefined && !isOver(subscription) && subscription.status !== "paused") {
    cancelNow(sandbox, subscription, { reason: "payment_failed" });
  }
}

export function subscriptionOf({ state }: Sandbox, invoice: Invoice): Subscription {
  const id = invoice.parent.subscription_details.subscription;
  const subscription = state.subscriptions.get(id);
  if (!subscription) throw new Error(`${invoice.id} names ${id}, which is not there.`);
  return subscription;
}

function paymentOf({ state }: Sandbox, invoice: Invoice): InvoicePayment | undefined {
  return [...state.invoicePayments.values()].find((payment) => payment.invoice === invoice.id);
}

function openIntent(sandbox: Sandbox, invoice: Invoice): PaymentIntent | undefined {
  const payment = paymentOf(sandbox, invoice);
  return payment && sandbox.state.paymentIntents.get(payment.payment.payment_intent);
}

function linkIntent(sandbox: Sandbox, invoice: Invoice, intent: PaymentIntent): InvoicePayment {
  const known = paymentOf(sandbox, invoice);
  if (known) return known;
  const payment: InvoicePayment = {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: intent.amount,
    created: sandbox.clock.seconds(),
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: "payment_intent", payment_intent: intent.id },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
  sandbox.state.invoicePayments.set(payment.id, payment);
  return payment;
}
