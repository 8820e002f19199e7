/**
 * Opens Stripe's hosted checkout for a signed-in reader and answers its address. The reader says "month" or "year" and no
 * more: price, trial and customer come from our settings and rows alone, and a discount from a code that Stripe's own page
 * asks for. Safe to run twice: an open session for the same offer is used again, and any other open
 * one of this person is closed first. Grants nothing; only `syncMembership` does.
 */
import Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { PlanInterval } from "@/lib/publication/plans";
import { getPublication } from "@/lib/publication/queries";
import { type Limit, takeToken } from "@/lib/rate-limit";
import { hasUsedTrial } from "@/lib/subscribers/used-trial";
import { askStripe } from "./ask-stripe";
import { ensureCustomer } from "./customer";
import { FREE_UNTIL, type FreeTime, freeTimeOf } from "./free-time";
import { followUp } from "./handle-stripe-event";
import { ensurePrice } from "./prices";
import { runsAtStripe } from "./status";

export type CheckoutRequest = {
  subscriberId: string;
  /** The issue that the reader came from, to lead them back to it. */
  issueSlug: string | null;
  /** From `clientAddress`; null where it is not known. */
  client?: string | null;
  /** By the month unless said otherwise. */
  interval?: PlanInterval;
};

/**
 * Throws FORBIDDEN for an unconfirmed address, CONFLICT for somebody with a live membership, TOO_MANY after five
 * new sessions in an hour, or twenty from one address, INVALID for a year that is not offered, UNAVAILABLE when Stripe does not answer or sells nothing.
 */
export async function startCheckout(
  db: Database,
  stripe: Stripe,
  request: CheckoutRequest,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<{ url: string }> {
  const { subscriberId, issueSlug, interval = "month" } = request;
  const subscriber = await requireBuyer(db, subscriberId);
  if (!subscriber.emailVerified) {
    throw new DomainError("FORBIDDEN", "Confirm your address first: we sent you a mail with a button.");
  }
  return askStripe(async () => {
    const price = await ensurePrice(db, stripe, interval);
    const customer = await ensureCustomer(db, stripe, subscriberId);
    // The webhook of a checkout that was just finished may still be on its way.
    await followUp(db, stripe, customer, { now, publicUrl });
    const offer = { ...(await beginOf(db, subscriberId, now)), issueSlug: issueSlug ?? "", interval };
    const order = { customer, price: price.id, subscriberId, offer, publicUrl };
    const session = await oneAtATime(db, customer, (tx) =>
      findOrCreateSession(stripe, order, () => countTry(tx, request, now)),
    );
    if (!session.url) throw new Error(`checkout session ${session.id} has no address`);
    log.info({ event: "memberships.checkout-started", subscriberId, sessionId: session.id });
    return { url: session.url };
  });
}

/** Two clicks at once, for the month and for the year: the later one sees, and closes, what the earlier one opened. */
async function oneAtATime<T>(
  db: Database,
  customer: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`checkout:${customer}`}, 0))`;
      return work(tx);
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
}

/** What comes before the first charge: the rest of what is free already, or the one trial, or nothing. */
async function beginOf(
  db: Database,
  subscriberId: string,
  now: Date,
): Promise<Pick<Offer, "trialDays" | "free">> {
  const subscriber = await requireBuyer(db, subscriberId);
  const free = freeTimeOf(subscriber.membership, now);
  if (free || (await hasUsedTrial(db, subscriber))) return { trialDays: 0, free };
  return { trialDays: (await getPublication(db)).trialDays, free };
}

/** The person, unless a membership runs at Stripe: then there is nothing to buy. */
async function requireBuyer(db: Database, subscriberId: string) {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    include: { membership: true },
  });
  if (!subscriber) throw new DomainError("NOT_FOUND", "This account is gone.");
  if (runsAtStripe(subscriber.membership)) {
    throw new DomainError(
      "CONFLICT",
      "You have a membership already. Change the card or cancel on your account page.",
    );
  }
  return subscriber;
}

/** One address may be a household or an office; a card tester has many accounts and one address. */
const PER_MEMBER: Limit = { limit: 5, windowSeconds: 3_600 };
const PER_CLIENT: Limit = { limit: 20, windowSeconds: 3_600 };

/** Only sessions that are made count, so that coming back, or trying again while Stripe is away, costs no try. */
async function countTry(
  tx: Transaction,
  { subscriberId, client }: CheckoutRequest,
  now: Date,
): Promise<void> {
  const answers = [await takeToken(tx, { ...PER_MEMBER, key: `checkout:${subscriberId}`, now })];
  if (client) answers.push(await takeToken(tx, { ...PER_CLIENT, key: `checkout:client:${client}`, now }));
  const refused = answers.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return;
  throw new DomainError("TOO_MANY", "That were many tries. Please wait an hour, then try again.", {
    retryAfterSeconds: Math.max(...refused.map(({ retryAfterSeconds }) => retryAfterSeconds)),
  });
}

type Offer = { trialDays: number; free: FreeTime | null; issueSlug: string; interval: PlanInterval };
type Order = { customer: string; price: string; subscriberId: string; offer: Offer; publicUrl: string };

function metadataOf({ offer, price }: Order): Record<string, string> {
  const freeUntil = offer.free ? inSeconds(offer.free.endsAt) : "";
  return { price, trialDays: String(offer.trialDays), issue: offer.issueSlug, [FREE_UNTIL]: freeUntil };
}

async function findOrCreateSession(
  stripe: Stripe,
  order: Order,
  beforeCreating: () => Promise<void>,
): Promise<Stripe.Checkout.Session> {
  const { data: newestFirst } = await stripe.checkout.sessions.list({ customer: order.customer, limit: 100 });
  const open = newestFirst.filter((session) => session.status === "open");
  const wanted = Object.entries(metadataOf(order));
  const fitting = open.find((session) =>
    wanted.every(([name, value]) => (session.metadata?.[name] ?? "") === value),
  );
  for (const session of open) {
    if (session.id !== fitting?.id) await close(stripe, session.id);
  }
  if (fitting) return fitting;
  await beforeCreating();
  return createSession(stripe, order, newestFirst[0]?.id ?? "first");
}

/** A session that was paid or ran out in this moment cannot be closed; `syncMembership` ends what is bought twice. */
async function close(stripe: Stripe, sessionId: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(sessionId);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    log.warn({ event: "memberships.checkout-not-closed", sessionId, error });
  }
}

/** `after` names this person's newest session, so that two clicks at once make one: both carry the same key. */
async function createSession(stripe: Stripe, order: Order, after: string): Promise<Stripe.Checkout.Session> {
  const { customer, price, subscriberId, offer, publicUrl } = order;
  const beforeCharge = offer.free ? inSeconds(offer.free.firstChargeAt) : offer.trialDays;
  const issue = offer.issueSlug === "" ? "" : `?issue=${encodeURIComponent(offer.issueSlug)}`;
  return stripe.checkout.sessions.create(
    {
      mode: "subscription",
      customer,
      client_reference_id: subscriberId,
      line_items: [{ price, quantity: 1 }],
      payment_method_collection: "always",
      allow_promotion_codes: true,
      subscription_data: {
        metadata: { subscriberId, ...(offer.free && { [FREE_UNTIL]: inSeconds(offer.free.endsAt) }) },
        ...(offer.trialDays > 0 && { trial_period_days: offer.trialDays }),
        ...(offer.free && { trial_end: Number(inSeconds(offer.free.firstChargeAt)) }),
      },
      metadata: metadataOf(order),
      success_url: `${publicUrl}/join/done${issue}`,
      cancel_url: `${publicUrl}/join${backTo(offer)}`,
    },
    { idempotencyKey: ["checkout", customer, after, price, beforeCharge, offer.issueSlug].join(":") },
  );
}

function inSeconds(moment: Date): string {
  return String(Math.ceil(moment.getTime() / 1_000));
}

/** The choice that was made, for who comes back without paying. */
function backTo({ issueSlug, interval }: Offer): string {
  const search = new URLSearchParams({
    ...(issueSlug === "" ? {} : { issue: issueSlug }),
    ...(interval === "year" ? { plan: interval } : {}),
  });
  return search.size === 0 ? "" : `?${search}`;
}
