import Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";

/**
 * The one Stripe customer of a subscriber, made when first needed. Found by our own id alone, never by address: the
 * idempotency key gives two racing calls the same customer, and the unique column keeps the first. One that was
 * deleted at Stripe, or that belongs to an account used before, is replaced.
 */
export async function ensureCustomer(db: Database, stripe: Stripe, subscriberId: string): Promise<string> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { email: true, stripeCustomerId: true },
  });
  if (!subscriber) throw new DomainError("NOT_FOUND", "This account is gone.");
  const known = subscriber.stripeCustomerId;
  if (known && (await isThere(stripe, known))) return known;
  if (known) log.warn({ event: "memberships.customer-replaced", subscriberId, customerId: known });
  const customer = await stripe.customers.create(
    { email: subscriber.email, metadata: { subscriberId } },
    { idempotencyKey: `customer:${subscriberId}${known ? `:after:${known}` : ""}` },
  );
  await db.subscriber.updateMany({
    where: { id: subscriberId, stripeCustomerId: known },
    data: { stripeCustomerId: customer.id },
  });
  const stored = await db.subscriber.findUniqueOrThrow({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  return stored.stripeCustomerId ?? customer.id;
}

async function isThere(stripe: Stripe, customerId: string): Promise<boolean> {
  try {
    return !(await stripe.customers.retrieve(customerId)).deleted;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Stripe's answer for an id that names nothing in this account. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing";
}
