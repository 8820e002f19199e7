/**
 * Follows up on one stored webhook: has what is overdue charged to a new card, reads the truth from Stripe, writes the
 * membership, or the gift that somebody without a customer paid for, and puts the mails that its state calls for into
 * the outbox. Safe to run any number of times and in any order. A failure leaves the row unhandled with the reason, to
 * be tried again.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { log, maskPersonalText } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import { getPublication } from "@/lib/publication/queries";
import type { ChangeCause } from "./change";
import { findGiftOf } from "./gifts/gift-events";
import { syncGift } from "./gifts/sync-gift";
import { noticesFor } from "./membership-notices";
import { listToldElsewhere } from "./moved-facts";
import { payWithNewCard } from "./pay-with-new-card";
import { syncMembership } from "./sync";

type Services = {
  now: Date;
  publicUrl: string;
  /** What the desk tells of a change: a page of the checkout asks, unless said otherwise. */
  cause?: ChangeCause;
};

export async function handleStripeEvent(
  db: Database,
  stripe: Stripe,
  eventId: string,
  services: Services,
): Promise<void> {
  const event = await db.stripeEvent.findUnique({ where: { id: eventId } });
  if (!event || event.handledAt) return;
  try {
    const customerId = event.customerId ?? (await customerBehind(stripe, event));
    if (customerId) {
      await payWithNewCard(db, stripe, event, customerId);
      const trialWillEnd = event.type === "customer.subscription.trial_will_end";
      const cause = { kind: "EVENT", eventId } as const;
      await followUp(db, stripe, customerId, { ...services, cause }, trialWillEnd);
    } else {
      const giftId = await findGiftOf(db, stripe, event);
      const cause = { kind: "EVENT", eventId } as const;
      if (giftId) await followGift(db, stripe, giftId, { ...services, cause });
    }
    await db.stripeEvent.update({
      where: { id: eventId },
      data: { handledAt: services.now, error: null, ...(await forgetStranger(db, event)) },
    });
  } catch (error) {
    const message = maskPersonalText(error instanceof Error ? error.message : String(error)).slice(0, 500);
    await db.stripeEvent.update({ where: { id: eventId }, data: { error: message } });
    throw error;
  }
}

/** The gift, and whoever redeemed it: their own membership may be waiting for its end. */
async function followGift(db: Database, stripe: Stripe, giftId: string, services: Services): Promise<void> {
  const gift = await syncGift(db, stripe, giftId, services);
  if (!gift?.redeemedById) return;
  const receiver = await db.subscriber.findUnique({
    where: { id: gift.redeemedById },
    select: { stripeCustomerId: true },
  });
  if (receiver?.stripeCustomerId) await followUp(db, stripe, receiver.stripeCustomerId, services);
}

/** Whose customer nobody here is, or is no longer, leaves no name behind: an erased person's last events come after it. */
async function forgetStranger(
  db: Database,
  { customerId }: { customerId: string | null },
): Promise<{ customerId?: null }> {
  if (customerId === null) return {};
  const known = await db.subscriber.count({ where: { stripeCustomerId: customerId } });
  return known > 0 ? {} : { customerId: null };
}

/** A dispute names its charge and no customer: https://docs.stripe.com/api/disputes/object. */
async function customerBehind(stripe: Stripe, event: { id: string; type: string }): Promise<string | null> {
  if (!event.type.startsWith("charge.dispute.")) return null;
  const { object } = (await stripe.events.retrieve(event.id)).data;
  if (object.object !== "dispute") return null;
  const charge = typeof object.charge === "string" ? object.charge : object.charge.id;
  const { customer } = await stripe.charges.retrieve(charge);
  return typeof customer === "string" ? customer : (customer?.id ?? null);
}

/** Brings one customer's membership up to date and queues its mails. True when our row did not say what Stripe says. */
export async function followUp(
  db: Database,
  stripe: Stripe,
  customerId: string,
  { now, publicUrl, cause = { kind: "CHECKOUT" } }: Services,
  trialWillEnd = false,
): Promise<boolean> {
  const synced = await syncMembership(db, stripe, customerId, { now, cause });
  if (!synced) return false;
  const { subscriberId, before, after } = synced;
  if (before?.status !== after?.status) {
    log.info({
      event: "memberships.changed",
      subscriberId,
      from: before?.status ?? null,
      to: after?.status ?? null,
    });
  }
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId }, select: { email: true } });
  if (!subscriber) return synced.changed;
  const publication = await getPublication(db);
  const told = await listToldElsewhere(db, subscriberId);
  for (const notice of noticesFor(synced, publication, { publicUrl, at: now, trialWillEnd })) {
    if (told.has(notice.dedupeKey)) continue;
    await enqueueNotice(db, { ...notice, to: { subscriberId, email: subscriber.email } });
  }
  return synced.changed;
}

/** Stored webhooks that still wait: those never tried first, so that one that keeps failing holds up no other. */
export async function listUnhandledEvents(db: Database, limit = 50): Promise<{ id: string }[]> {
  return db.stripeEvent.findMany({
    where: { handledAt: null },
    orderBy: [{ error: { sort: "asc", nulls: "first" } }, { receivedAt: "asc" }],
    select: { id: true },
    take: limit,
  });
}
