/**
 * Lets somebody read everything for nothing, until a day or without end, and ends that. Guarded, may run twice: the
 * second call moves the day. Never touches a Stripe subscription: whoever pays is refused.
 */
import { DateTime } from "luxon";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { recordChange } from "./change";
import { NO_DISCOUNT } from "./discount";
import { endGiftTime } from "./gifts/end-gift-time";
import { LIVE_STATUSES } from "./status";

/** The last moment of a day (`2026-12-31`) in `timeZone`; null for an empty field. Throws INVALID. */
export function endOfDay(day: string, timeZone: string): Date | null {
  if (day.trim() === "") return null;
  const end = DateTime.fromISO(day, { zone: timeZone }).endOf("day");
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && end.isValid) return end.toJSDate();
  throw new DomainError("INVALID", "Write a day.", {
    fields: { endsOn: "Write a day, such as 2027-12-31." },
  });
}

/** Throws NOT_FOUND, INVALID for a day that has passed, and CONFLICT for somebody who pays. */
export async function grantComp(
  db: Database,
  { subscriberId, endsAt, reason }: { subscriberId: string; endsAt: Date | null; reason?: string },
  { now }: { now: Date },
): Promise<void> {
  if (endsAt && endsAt <= now) {
    throw new DomainError("INVALID", "That day has passed. Choose a later one, or none.", {
      fields: { endsOn: "Choose a day that is still to come." },
    });
  }
  const comp = { source: "COMP" as const, status: "ACTIVE" as const, startedAt: now, endsAt };
  await db.$transaction(async (tx) => {
    if (!(await tx.subscriber.findUnique({ where: { id: subscriberId }, select: { id: true } })))
      throw new DomainError("NOT_FOUND", "This subscriber is gone.");
    const before = await tx.membership.findUnique({ where: { subscriberId } });
    const { count: added } = await tx.membership.createMany({
      data: [{ subscriberId, ...comp }],
      skipDuplicates: true,
    });
    if (added === 0) {
      const { count } = await tx.membership.updateMany({
        where: { subscriberId, NOT: { source: "STRIPE", status: { in: [...LIVE_STATUSES] } } },
        data: { ...comp, ...NOTHING_OF_STRIPE },
      });
      if (count === 0)
        throw new DomainError("CONFLICT", "This person pays through Stripe. End that membership first.");
    }
    const after = await tx.membership.findUniqueOrThrow({ where: { subscriberId } });
    await recordChange(tx, { subscriberId, before, after, cause: { kind: "AUTHOR" }, reason }, { now });
  });
  log.info({ event: "memberships.comp-granted", subscriberId, endsAt });
}

/** What an ended Stripe membership leaves behind. */
export const NOTHING_OF_STRIPE = {
  stripeSubscriptionId: null,
  stripePriceId: null,
  followsFreeTime: false,
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
  amountCents: null,
  currency: null,
  intervalMonths: null,
  dueCents: null,
  pausedFrom: null,
  resumesAt: null,
  ...NO_DISCOUNT,
  disputed: false,
};

/** False where there was none that still ran. A gift ends like a comp. */
export async function endComp(db: Database, subscriberId: string, { now }: { now: Date }): Promise<boolean> {
  const ended = await db.$transaction(async (tx) => {
    const before = await tx.membership.findUnique({ where: { subscriberId } });
    const { count } = await tx.membership.updateMany({
      where: {
        subscriberId,
        source: { in: ["COMP", "GIFT"] },
        OR: [{ endsAt: null }, { endsAt: { gt: now } }],
      },
      data: { endsAt: now },
    });
    if (count === 0) return false;
    await endGiftTime(tx, subscriberId, { now });
    const after = await tx.membership.findUniqueOrThrow({ where: { subscriberId } });
    await recordChange(tx, { subscriberId, before, after, cause: { kind: "AUTHOR" } }, { now });
    return true;
  });
  if (ended) log.info({ event: "memberships.comp-ended", subscriberId });
  return ended;
}
