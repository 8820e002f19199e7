/**
 * Opens Stripe's hosted checkout for a signed-in reader and answers its address. Price, trial and customer come from
 * our settings and rows alone. Safe to run twice: an open session for the same offer is used again, and any other open
 * one of this person is closed first. Grants nothing; only `syncMembership` does.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { getPublication } from "@/lib/publication/queries";
import { takeToken } from "@/lib/rate-limit";
import { askStripe } from "./ask-stripe";
import { ensureCustomer } from "./customer";
import { ensurePrice } from "./prices";
import { LIVE_STATUSES } from "./status";

export type CheckoutRequest = {
  subscriberId: string;
  /** The issue that the reader came from, to lead them back to it. */
  issueSlug: string | null;
};

/**
 * Throws FORBIDDEN for an unconfirmed address, CONFLICT for somebody with a live membership, TOO_MANY after five
 * tries in an hour, UNAVAILABLE when Stripe does not answer.
 */
export async function startCheckout(
  db: Database,
  stripe: Stripe,
  request: CheckoutRequest,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<{ url: string }> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: request.subscriberId },
    include: { membership: true },
  });
  if (!subscriber?.emailVerified) {
    throw new DomainError("FORBIDDEN", "Confirm your address first: we sent you a mail with a button.");
  }
  if (subscriber.membership?.source === "STRIPE" && LIVE_STATUSES.has(subscriber.membership.status)) {
    throw new DomainError("CONFLICT", "You are a member already. Your account page shows it.");
  }
  const { allowed, retryAfterSeconds } = await takeToken(db, {
    key: `checkout:${subscriber.id}`,
    limit: 5,
    windowSeconds: 3_600,
    now,
  });
  if (!allowed) {
    throw new DomainError("TOO_MANY", "That were many tries. Please wait an hour, then try again.", {
      retryAfterSeconds,
    });
  }
  const { trialDays } = await getPublication(db);
  const offer = {
    trialDays: subscriber.trialUsedAt === null ? trialDays : 0,
    issueSlug: request.issueSlug ?? "",
  };
  return askStripe(async () => {
    const price = await ensurePrice(db, stripe);
    const customer = await ensureCustomer(db, stripe, subscriber.id);
    const session =
      (await reuseOpenSession(stripe, customer, price.id, offer)) ??
      (await createSession(stripe, {
        customer,
        price: price.id,
        subscriberId: subscriber.id,
        offer,
        publicUrl,
      }));
    if (!session.url) throw new Error(`checkout session ${session.id} has no address`);
    log.info({ event: "memberships.checkout-started", subscriberId: subscriber.id, sessionId: session.id });
    return { url: session.url };
  });
}

type Offer = { trialDays: number; issueSlug: string };

function offerMetadata(offer: Offer, price: string): Record<string, string> {
  return { price, trialDays: String(offer.trialDays), issue: offer.issueSlug };
}

async function reuseOpenSession(
  stripe: Stripe,
  customer: string,
  price: string,
  offer: Offer,
): Promise<Stripe.Checkout.Session | null> {
  const { data: open } = await stripe.checkout.sessions.list({ customer, status: "open", limit: 10 });
  const wanted = offerMetadata(offer, price);
  const fitting = open.find((session) =>
    Object.entries(wanted).every(([name, value]) => (session.metadata?.[name] ?? "") === value),
  );
  for (const session of open) {
    if (session.id !== fitting?.id) await stripe.checkout.sessions.expire(session.id);
  }
  return fitting ?? null;
}

async function createSession(
  stripe: Stripe,
  given: { customer: string; price: string; subscriberId: string; offer: Offer; publicUrl: string },
): Promise<Stripe.Checkout.Session> {
  const { customer, price, subscriberId, offer, publicUrl } = given;
  const issue = offer.issueSlug === "" ? "" : `?issue=${encodeURIComponent(offer.issueSlug)}`;
  return stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    client_reference_id: subscriberId,
    line_items: [{ price, quantity: 1 }],
    payment_method_collection: "always",
    subscription_data: {
      metadata: { subscriberId },
      ...(offer.trialDays > 0 ? { trial_period_days: offer.trialDays } : {}),
    },
    metadata: offerMetadata(offer, price),
    success_url: `${publicUrl}/join/done${issue}`,
    cancel_url: `${publicUrl}/join${issue}`,
  });
}
