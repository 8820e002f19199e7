/**
 * Ends a second Stripe subscription of one person, made by paying twice, and gives back what it cost. The refund comes
 * first, so that a crash between the two leaves a running one to be found again. Safe to run twice. Touches only what
 * our own checkout sold to this person.
 */
import Stripe from "stripe";
import { log } from "@/lib/log";

export async function endExtra(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  subscriberId: string,
): Promise<void> {
  if (subscription.metadata.subscriberId !== subscriberId) return;
  const { id, latest_invoice: invoice } = subscription;
  if (invoice && typeof invoice !== "string" && invoice.amount_paid > 0) await refund(stripe, invoice.id);
  await stripe.subscriptions.cancel(id, {}, { idempotencyKey: `extra:${id}` });
  log.warn({ event: "memberships.extra-subscription-ended", subscriberId, subscriptionId: id });
}

async function refund(stripe: Stripe, invoice: string): Promise<void> {
  for await (const { payment } of stripe.invoicePayments.list({ invoice, status: "paid" })) {
    const intent = payment.payment_intent;
    if (!intent) continue;
    try {
      await stripe.refunds.create(
        { payment_intent: typeof intent === "string" ? intent : intent.id, reason: "duplicate" },
        { idempotencyKey: `extra:${invoice}` },
      );
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError) || error.code !== "charge_already_refunded")
        throw error;
    }
  }
}
