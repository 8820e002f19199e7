/**
 * Opens Stripe's customer portal (card, invoices, cancel, month or year) for the signed-in reader's own customer. Takes no customer
 * id from outside.
 */
import Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { askStripe } from "./ask-stripe";
import { ensurePortalConfiguration } from "./portal-configuration";

/** Throws NOT_FOUND for somebody who never paid, UNAVAILABLE when Stripe does not answer. */
export async function openPortal(
  db: Database,
  stripe: Stripe,
  subscriberId: string,
  { publicUrl }: { publicUrl: string },
): Promise<{ url: string }> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  const customer = subscriber?.stripeCustomerId;
  if (!customer) throw new DomainError("NOT_FOUND", "There is no payment to manage yet.");
  return askStripe(async () => {
    const configuration = await configurationFor(db, stripe, publicUrl);
    const session = await stripe.billingPortal.sessions.create({
      customer,
      ...(configuration && { configuration }),
      return_url: `${publicUrl}/account`,
    });
    return { url: session.url };
  });
}

/** Null for the one saved on Stripe's dashboard: nobody is kept from leaving because ours is refused. */
async function configurationFor(db: Database, stripe: Stripe, publicUrl: string): Promise<string | null> {
  try {
    return (await ensurePortalConfiguration(db, stripe, { publicUrl })).id;
  } catch (error) {
    const { StripeInvalidRequestError, StripePermissionError } = Stripe.errors;
    if (!(error instanceof StripeInvalidRequestError || error instanceof StripePermissionError)) throw error;
    log.warn({ event: "memberships.portal-not-configured", error });
    return null;
  }
}
