import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";

/**
 * The one Stripe customer of a subscriber, made when first needed. Found by our own id alone, never by address: the
 * idempotency key gives two racing calls the same customer, and the unique column keeps the first.
 */
export async function ensureCustomer(db: Database, stripe: Stripe, subscriberId: string): Promise<string> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { email: true, stripeCustomerId: true },
  });
  if (!subscriber) throw new DomainError("NOT_FOUND", "This account is gone.");
  if (subscriber.stripeCustomerId) return subscriber.stripeCustomerId;
  const customer = await stripe.customers.create(
    { email: subscriber.email, metadata: { subscriberId } },
    { idempotencyKey: `customer:${subscriberId}` },
  );
  await db.subscriber.updateMany({
    where: { id: subscriberId, stripeCustomerId: null },
    data: { stripeCustomerId: customer.id },
  });
  const stored = await db.subscriber.findUniqueOrThrow({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  return stored.stripeCustomerId ?? customer.id;
}
