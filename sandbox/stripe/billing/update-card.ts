import { findTestCard, notATestCard } from "../cards";
import type { Customer } from "../records";
import type { Sandbox } from "../sandbox";
import type { CardEntry } from "../state";
import { isOver } from "./cancel";
import { attachCard } from "./payment-methods";
import { recordSetup } from "./setup-card";

/** What came of a new card: nothing wrong, or what its holder is told. */
export interface CardUpdate {
  problem: string | null;
}

/**
 * Makes a card the customer's and their subscriptions' default. A refused card changes nothing. Open invoices are not
 * charged by this: they wait for their next try, or for somebody to pay them.
 */
export function updateCard(sandbox: Sandbox, customer: Customer, entry: CardEntry): CardUpdate {
  const { state, events } = sandbox;
  const card = findTestCard(entry.number);
  if (card === null || card.saving === "fails") {
    const failure = card?.failure ?? notATestCard;
    recordSetup(sandbox, customer.id, { failure });
    return { problem: failure.message };
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
  return { problem: null };
}
