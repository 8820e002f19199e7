/**
 * Charges what is open at once when somebody whose payment failed has given another card: Stripe itself would wait for
 * its next try, which may be days away and after the days of grace. Safe to run twice and for each of the events that
 * tell of one card: an invoice is charged once for it. Never charges who is not overdue.
 */
import Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";

/** What a customer's portal writes a new card into: https://docs.stripe.com/api/events/types. */
const TELLS_OF_CARD = new Set(["customer.updated", "customer.subscription.updated"]);
const OVERDUE = new Set(["PAST_DUE", "UNPAID"]);

/** Throws what Stripe does, but for a card that is refused: of that the failed payment's own events tell. */
export async function payWithNewCard(
  db: Database,
  stripe: Stripe,
  { id, type }: { id: string; type: string },
  customerId: string,
): Promise<void> {
  if (!TELLS_OF_CARD.has(type)) return;
  const subscriber = await db.subscriber.findUnique({
    where: { stripeCustomerId: customerId },
    select: { membership: { select: { status: true, stripeSubscriptionId: true } } },
  });
  const membership = subscriber?.membership;
  if (!membership?.stripeSubscriptionId || !OVERDUE.has(membership.status)) return;
  const card = newCardOf(await stripe.events.retrieve(id));
  if (card === null) return;
  const open = await stripe.invoices.list({
    customer: customerId,
    subscription: membership.stripeSubscriptionId,
    status: "open",
  });
  for (const invoice of open.data) await payOnce(stripe, invoice.id, card);
}

async function payOnce(stripe: Stripe, invoiceId: string | undefined, card: string): Promise<void> {
  if (!invoiceId) return;
  try {
    await stripe.invoices.pay(invoiceId, {}, { idempotencyKey: `new-card:${invoiceId}:${card}` });
    log.info({ event: "memberships.paid-with-new-card", invoiceId });
  } catch (error) {
    const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
    // Paid meanwhile, or no longer open: what was wanted.
    if (!(error instanceof StripeCardError || error instanceof StripeInvalidRequestError)) throw error;
    log.info({ event: "memberships.new-card-not-charged", invoiceId, reason: error.code ?? error.type });
  }
}

/** The card that took another's place in this event; null where it tells of something else. */
function newCardOf({ data }: Stripe.Event): string | null {
  const { object } = data;
  const before: Record<string, unknown> = { ...data.previous_attributes };
  if (object.object === "customer") {
    const settings = before.invoice_settings;
    const changed = typeof settings === "object" && settings !== null && "default_payment_method" in settings;
    return changed ? idOf(object.invoice_settings.default_payment_method) : null;
  }
  if (object.object !== "subscription" || !("default_payment_method" in before)) return null;
  return idOf(object.default_payment_method);
}

function idOf(method: string | { id: string } | null): string | null {
  return typeof method === "string" ? method : (method?.id ?? null);
}
