/**
 * For the page that Stripe leads back to: looks the signed-in reader's own customer up at Stripe, through the same code as
 * the webhook, so that access does not wait for it. Grants nothing by what stands in the address. Safe to run again.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { askStripe } from "./ask-stripe";
import { followUp } from "./handle-stripe-event";

/** True once a membership was found. False while Stripe has none, or does not answer. */
export async function confirmCheckout(
  db: Database,
  stripe: Stripe,
  subscriberId: string,
  services: { now: Date; publicUrl: string },
): Promise<boolean> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  const customerId = subscriber?.stripeCustomerId;
  if (!customerId) return false;
  try {
    await askStripe(() => followUp(db, stripe, customerId, services));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn({ event: "memberships.confirm-waits", subscriberId, error });
    return false;
  }
  const membership = await db.membership.findUnique({ where: { subscriberId }, select: { status: true } });
  return membership?.status === "TRIALING" || membership?.status === "ACTIVE";
}
