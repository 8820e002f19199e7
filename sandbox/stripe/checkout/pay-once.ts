import { chargeCard, createIntent } from "../billing/charge-card";
import { countRedemption } from "../billing/discounts";
import { saveCard } from "../billing/payment-methods";
import type { CardFailure, CheckoutSession, Customer } from "../records";
import type { Sandbox } from "../sandbox";
import type { CheckoutOrder } from "../state";
import type { NewCard } from "./complete";

/** Charges a session of `mode: payment` once. Gives the card's refusal, or null when it is paid. */
export function payOnce(
  sandbox: Sandbox,
  session: CheckoutSession,
  order: CheckoutOrder,
  payer: { customer: Customer | null; email: string; newCard: NewCard | null; holderPresent: boolean },
): CardFailure | null {
  const amount = session.amount_total ?? 0;
  if (amount > 0) {
    const { card, entry } = payer.newCard ?? {};
    const method = card && entry ? saveCard(sandbox, null, payer.email, card, entry) : null;
    const purchase = {
      customer: payer.customer,
      method,
      amount,
      currency: session.currency ?? "usd",
      description: order.description,
      metadata: order.metadata,
      savesCard: false,
      holderPresent: payer.holderPresent,
    };
    const intent = createIntent(sandbox, purchase);
    session.payment_intent = intent.id;
    const failure = chargeCard(sandbox, intent, purchase);
    if (failure) return failure;
  }
  if (order.discount) countRedemption(sandbox, order.discount);
  return null;
}
