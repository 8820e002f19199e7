import type { Invoice, Subscription } from "../records";
import type { Sandbox } from "../sandbox";
import { finalizeInvoice } from "./collect";

/** Stops collecting until somebody, or the given moment, resumes it; null resumes. Its status stays as it is. */
export function setPause(
  { events }: Sandbox,
  subscription: Subscription,
  pause: Subscription["pause_collection"],
): void {
  events.change("customer.subscription.updated", subscription, { pause_collection: pause });
}

/**
 * What becomes of an invoice whose draft hour is over while nobody collects. True where it was dealt with. Nobody is
 * charged for it later: https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function setAside(sandbox: Sandbox, subscription: Subscription, invoice: Invoice): boolean {
  const behavior = subscription.pause_collection?.behavior;
  if (behavior === undefined) return false;
  const rest = { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null };
  if (behavior === "keep_as_draft") {
    Object.assign(invoice, rest);
    return true;
  }
  finalizeInvoice(sandbox, invoice);
  const now = sandbox.clock.seconds();
  const isVoid = behavior === "void";
  Object.assign(invoice, {
    ...rest,
    status: isVoid ? "void" : "uncollectible",
    status_transitions: {
      ...invoice.status_transitions,
      ...(isVoid ? { voided_at: now } : { marked_uncollectible_at: now }),
    },
  } satisfies Partial<Invoice>);
  sandbox.events.emit(isVoid ? "invoice.voided" : "invoice.marked_uncollectible", invoice);
  return true;
}
