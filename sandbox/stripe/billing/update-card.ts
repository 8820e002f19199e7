import { findTestCard, notATestCard, notAuthenticated } from "../cards";
import type { Customer } from "../records";
import type { Sandbox } from "../sandbox";
import type { CardEntry } from "../state";
import { isOver } from "./cancel";
import { attachCard } from "./payment-methods";
import { recordSetup } from "./setup-card";

/** What came of a new card: it is used, its holder must authenticate first, or what its holder is told. */
export type CardUpdate = { step: "done" } | { step: "authenticate" } | { step: "refused"; problem: string };

/**
 * Makes a card the customer's and their subscriptions' default. A refused card changes nothing. Open invoices are not
 * charged by this: they wait for their next try, or for somebody to pay them.
 */
export function updateCard(
  sandbox: Sandbox,
  customer: Customer,
  entry: CardEntry,
  authentication: "open" | "passed" | "failed" = "open",
): CardUpdate {
  const { state, events } = sandbox;
  const card = findTestCard(entry.number);
  if (card === null || card.saving === "fails") {
    const failure = card?.failure ?? notATestCard;
    recordSetup(sandbox, customer.id, { failure });
    return { step: "refused", problem: failure.message };
  }
  if (card.saving === "asks" && authentication === "open") return { step: "authenticate" };
  if (authentication === "failed") {
    recordSetup(sandbox, customer.id, { failure: notAuthenticated });
    return { step: "refused", problem: notAuthenticated.message };
  }
  const method = attachCard(sandbox, customer, card, entry);
  recordSetup(sandbox, customer.id, { method: method.id });
  events.change("customer.updated", customer, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  });
  for (const subscription of state.subscriptions.values()) {
    if (subscription.customer !== customer.id || isOver(subscription)) continue;
    events.change("customer.subscription.updated", subscription, { default_payment_method: method.id });
  }
  return { step: "done" };
}
