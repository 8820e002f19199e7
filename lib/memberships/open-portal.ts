/**
 * Opens Stripe's customer portal (card, invoices, cancel) for the signed-in reader's own customer. Takes no customer
 * id from outside.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { askStripe } from "./ask-stripe";

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
    const session = await stripe.billingPortal.sessions.create({
      customer,
      return_url: `${publicUrl}/account`,
    });
    return { url: session.url };
  });
}
