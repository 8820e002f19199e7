/**
 * What redeemed gifts open, and when. Each has a time of its own, one after the other; the membership row says what they
 * come to. A row that Stripe or the author wrote is left alone while it runs. May run twice.
 */
import type { Transaction } from "@/lib/db";
import type { Gift, Membership } from "@/prisma/generated/client";
import type { MembershipStatus } from "@/prisma/generated/enums";
import { type ChangeCause, recordChange } from "../change";
import { NOTHING_OF_STRIPE } from "../comp";
import { LIVE_STATUSES } from "../status";

export type GiftTime = { status: MembershipStatus; endsAt: Date };

/** Null where no gift of this person runs. While a bank decides over the gift that runs now, it opens nothing. */
export async function runningGifts(
  tx: Transaction,
  subscriberId: string,
  { now }: { now: Date },
): Promise<GiftTime | null> {
  const gifts = await tx.gift.findMany({
    where: { redeemedById: subscriberId, money: { not: "RETURNED" }, endsAt: { gt: now } },
    orderBy: { startsAt: "asc" },
  });
  const [current, last] = [gifts[0], gifts.at(-1)];
  if (!current || !last?.endsAt) return null;
  const isHeld = current.money === "WITHHELD" && current.startsAt !== null && current.startsAt <= now;
  return { status: isHeld ? "UNPAID" : "ACTIVE", endsAt: last.endsAt };
}

/** The money of what this person read for free by went back, and no gift of theirs runs now. */
export async function isGiftTakenBack(
  tx: Transaction,
  subscriberId: string,
  { now }: { now: Date },
): Promise<boolean> {
  const returned = await tx.gift.count({ where: { redeemedById: subscriberId, money: "RETURNED" } });
  return returned > 0 && (await runningGifts(tx, subscriberId, { now })) === null;
}

/** The row as gifts make it; one that was free already keeps when it began. */
export async function writeGiftMembership(
  tx: Transaction,
  subscriberId: string,
  time: GiftTime,
  { now }: { now: Date },
): Promise<Membership> {
  const before = await tx.membership.findUnique({ where: { subscriberId } });
  const goesOn = before !== null && before.source !== "STRIPE" && !isPast(before, now);
  const row = {
    ...NOTHING_OF_STRIPE,
    source: "GIFT" as const,
    ...time,
    startedAt: goesOn ? before.startedAt : now,
    syncedAt: now,
  };
  return tx.membership.upsert({ where: { subscriberId }, create: { subscriberId, ...row }, update: row });
}

/** The bank took the money of a redeemed gift in hand, or let go of it. */
export async function recountGifts(
  tx: Transaction,
  subscriberId: string,
  { now, cause, reason }: { now: Date; cause: ChangeCause; reason: string },
): Promise<void> {
  const before = await tx.membership.findUnique({ where: { subscriberId } });
  const time = await runningGifts(tx, subscriberId, { now });
  if (before?.source !== "GIFT" || !time) return;
  const after = await writeGiftMembership(tx, subscriberId, time, { now });
  await recordChange(tx, { subscriberId, before, after, cause, reason }, { now });
}

/**
 * The money of a redeemed gift went back: what it opened closes now, and gifts that wait behind it move up. False where
 * nothing was left of it.
 */
export async function takeGiftBack(
  tx: Transaction,
  gift: Gift,
  { now, cause, reason }: { now: Date; cause: ChangeCause; reason: string },
): Promise<boolean> {
  const { redeemedById: subscriberId, startsAt, endsAt } = gift;
  if (subscriberId === null || startsAt === null || endsAt === null || endsAt <= now) return false;
  const closes = startsAt > now ? startsAt : now;
  await tx.gift.update({ where: { id: gift.id }, data: { endsAt: closes } });
  await moveUp(tx, subscriberId, { after: endsAt, byMs: endsAt.getTime() - closes.getTime() });
  const before = await tx.membership.findUnique({ where: { subscriberId } });
  if (before?.source !== "GIFT") return false;
  const time = await runningGifts(tx, subscriberId, { now });
  const after = time
    ? await writeGiftMembership(tx, subscriberId, time, { now })
    : await tx.membership.update({
        where: { subscriberId },
        // What the author had given before goes on to the day on which the gift would have begun.
        data:
          startsAt > now
            ? { source: "COMP", status: "ACTIVE", endsAt: startsAt }
            : { status: "CANCELED", endsAt: now },
      });
  await recordChange(tx, { subscriberId, before, after, cause, reason }, { now });
  return time === null && startsAt <= now;
}

async function moveUp(
  tx: Transaction,
  subscriberId: string,
  { after, byMs }: { after: Date; byMs: number },
): Promise<void> {
  const later = await tx.gift.findMany({ where: { redeemedById: subscriberId, startsAt: { gte: after } } });
  const earlier = (moment: Date | null) => moment && new Date(moment.getTime() - byMs);
  for (const { id, startsAt, endsAt } of later) {
    await tx.gift.update({
      where: { id },
      data: { startsAt: earlier(startsAt), endsAt: earlier(endsAt) },
    });
  }
}

/** Whether a row opens nothing any more, and nothing of it still runs at Stripe. */
export function isPast(membership: Membership, now: Date): boolean {
  if (membership.endsAt !== null && membership.endsAt <= now) return true;
  return !LIVE_STATUSES.has(membership.status);
}
