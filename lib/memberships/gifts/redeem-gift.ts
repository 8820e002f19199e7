/**
 * Turns a paid gift into a membership of whoever is signed in and presses the button, once: a guarded update decides
 * between two at the same moment. The link alone signs nobody in. Pressing again answers the same. Reads at Stripe first
 * that the gift is still paid for, and what the person has there.
 */
import { DateTime } from "luxon";
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import { takeToken } from "@/lib/rate-limit";
import type { Gift, Membership } from "@/prisma/generated/client";
import { askStripe } from "../ask-stripe";
import { recordChange } from "../change";
import { followUp } from "../handle-stripe-event";
import { readGiftToken } from "./gift-link";
import { isPast, runningGifts, writeGiftMembership } from "./gift-time";
import { lockGift, syncGift } from "./sync-gift";

export type GiftState = "ready" | "unpaid" | "held" | "returned" | "yours" | "taken";

export type GiftLink = {
  state: GiftState;
  months: number;
  /** Who it is from and for, as the buyer wrote it; empty once it was redeemed. */
  from: string | null;
  receiverName: string;
  message: string;
  /** For the one who redeemed it. */
  endsAt: Date | null;
};

/** What the page shows; changes nothing. Null for a forged link. */
export async function inspectGift(
  db: Database,
  token: string,
  viewerId: string | null,
  options: { now: Date },
): Promise<GiftLink | null> {
  const id = readGiftToken(token, options);
  const gift = id === null ? null : await db.gift.findUnique({ where: { id } });
  if (!gift) return null;
  const state = giftStateFor(gift, viewerId);
  const isOpen = state === "ready";
  return {
    state,
    months: gift.months,
    from: isOpen ? gift.buyerEmail : null,
    receiverName: gift.receiverName,
    message: gift.message,
    endsAt: state === "yours" ? gift.endsAt : null,
  };
}

function giftStateFor(gift: Gift, viewerId: string | null): GiftState {
  if (gift.paidAt === null) return "unpaid";
  if (gift.money === "RETURNED") return "returned";
  if (gift.redeemedAt !== null)
    return gift.redeemedById !== null && gift.redeemedById === viewerId ? "yours" : "taken";
  return gift.money === "WITHHELD" ? "held" : "ready";
}

const REFUSALS: Readonly<Record<Exclude<GiftState, "ready" | "yours">, string>> = {
  unpaid: "This gift is not paid yet. The moment Stripe confirms the payment, the link works.",
  held: "The bank of the buyer is looking into the payment. If it stands, this link works again.",
  returned: "The payment for this gift was given back, so it can no longer be redeemed.",
  taken: "This gift was redeemed already. A gift is for one person, once.",
};

/**
 * Throws NOT_FOUND for a forged link, FORBIDDEN without a confirmed mailbox, CONFLICT with the reason for a gift that
 * cannot be redeemed or a person who has no use for it now (it stays whole then), TOO_MANY, UNAVAILABLE.
 */
export async function redeemGift(
  db: Database,
  stripe: Stripe,
  { token, subscriberId }: { token: string; subscriberId: string },
  services: { now: Date; publicUrl: string },
): Promise<{ endsAt: Date }> {
  const { now } = services;
  const giftId = readGiftToken(token, services);
  if (giftId === null)
    throw new DomainError("NOT_FOUND", "This link is not whole. Please open it from the mail again.");
  const key = `redeem-gift:${subscriberId}`;
  if (!(await takeToken(db, { key, limit: 30, windowSeconds: 3_600, now })).allowed)
    throw new DomainError("TOO_MANY", "That were many tries. Please wait an hour, then try again.");
  const person = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  const customerId = person?.stripeCustomerId ?? null;
  await askStripe(async () => {
    await syncGift(db, stripe, giftId, services);
    if (customerId !== null) await followUp(db, stripe, customerId, services);
  });
  const endsAt = await db.$transaction((tx) => redeem(tx, { giftId, subscriberId, customerId }, now));
  log.info({ event: "gifts.redeemed", giftId, subscriberId, endsAt });
  return { endsAt };
}

async function redeem(
  tx: Transaction,
  { giftId, subscriberId, customerId }: { giftId: string; subscriberId: string; customerId: string | null },
  now: Date,
): Promise<Date> {
  await lockGift(tx, giftId);
  // The same lock as `syncMembership` takes, so that neither writes over what the other has not seen.
  if (customerId !== null)
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`customer:${customerId}`}, 0))`;
  await tx.$executeRaw`SELECT 1 FROM "Subscriber" WHERE id = ${subscriberId} FOR NO KEY UPDATE`;
  const [gift, subscriber] = [
    await tx.gift.findUnique({ where: { id: giftId } }),
    await tx.subscriber.findUnique({ where: { id: subscriberId }, include: { membership: true } }),
  ];
  if (!gift) throw new DomainError("NOT_FOUND", REFUSALS.unpaid);
  if (!subscriber?.emailVerified)
    throw new DomainError("FORBIDDEN", "Confirm your address first: sign in with the code that we mail you.");
  const state = giftStateFor(gift, subscriberId);
  if (state === "yours" && gift.endsAt) return gift.endsAt;
  if (state !== "ready") throw new DomainError("CONFLICT", REFUSALS[state === "yours" ? "taken" : state]);
  const before = subscriber.membership;
  const startsAt = beginOf(before, now);
  await take(tx, gift, { subscriberId, startsAt, now });
  const time = await runningGifts(tx, subscriberId, { now });
  if (!time) throw new Error(`the gift ${giftId} opens nothing`);
  const after = await writeGiftMembership(tx, subscriberId, time, { now });
  const reason = `a gift of ${gift.months} months`;
  await recordChange(tx, { subscriberId, before, after, cause: { kind: "GIFT" }, reason }, { now });
  await enqueueNotice(tx, {
    kind: "gift-redeemed",
    to: { subscriberId, email: subscriber.email },
    dedupeKey: `gift-redeemed:${giftId}`,
    data: { months: gift.months, endsAt: time.endsAt.toISOString() },
  });
  return time.endsAt;
}

/** When the gift begins: now, or when what this person reads for free ends. Throws CONFLICT where it would be wasted. */
function beginOf(membership: Membership | null, now: Date): Date {
  if (!membership || isPast(membership, now)) return now;
  if (membership.source === "STRIPE") throw new DomainError("CONFLICT", paysInWords(membership));
  if (membership.endsAt) return membership.endsAt;
  throw new DomainError(
    "CONFLICT",
    "You read everything for free already, without an end. The gift is not used up: give the link to somebody else.",
  );
}

function paysInWords({ status, cancelAtPeriodEnd, followsFreeTime }: Membership): string {
  const waits = "The gift is not used up and does not run out";
  if (cancelAtPeriodEnd)
    return `Your own membership still runs. ${waits}: redeem it when that has ended, or give the link to somebody else.`;
  const what =
    status === "TRIALING" && !followsFreeTime
      ? "a trial that turns into a paid membership"
      : "a membership of your own";
  return `You have ${what}. ${waits}: cancel on your account page and redeem it when your time has ended, or give the link to somebody else.`;
}

async function take(
  tx: Transaction,
  gift: Gift,
  { subscriberId, startsAt, now }: { subscriberId: string; startsAt: Date; now: Date },
): Promise<void> {
  const endsAt = DateTime.fromJSDate(startsAt, { zone: "utc" }).plus({ months: gift.months }).toJSDate();
  const { count } = await tx.gift.updateMany({
    where: { id: gift.id, redeemedAt: null, paidAt: { not: null }, money: "KEPT" },
    data: {
      redeemedAt: now,
      redeemedById: subscriberId,
      startsAt,
      endsAt,
      receiverEmail: null,
      receiverName: "",
      message: "",
    },
  });
  if (count === 0) throw new DomainError("CONFLICT", REFUSALS.taken);
}
