/**
 * Reads the truth about one customer from Stripe and writes it into one membership row. Safe to run at any time, any
 * number of times, from anywhere: the result depends on Stripe's state alone, not on events or their order. A lock per
 * customer keeps two runs apart. Never matches a person by address.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import type { Membership } from "@/prisma/generated/client";
import { type ChangeCause, recordChange } from "./change";
import { copyPayments } from "./copy-payments";
import { endExtra } from "./end-extra";
import { followsFreeTime } from "./free-time";
import { isGiftTakenBack, runningGifts, writeGiftMembership } from "./gifts/gift-time";
import { fromSeconds } from "./moments";
import { NOT_PAUSED } from "./read-pause";
import { LIVE_STATUSES, runsAtStripe } from "./status";
import { type MembershipRow, membershipRow, outlives, readTruth, type Truth } from "./truth";

export type Synced = {
  subscriberId: string;
  before: Membership | null;
  after: Membership | null;
  /** The subscription that `after` was read from, with its latest invoice. */
  subscription: Stripe.Subscription | null;
  /** Whether our row had to be changed to say what Stripe says. */
  changed: boolean;
};

/** Null where no subscriber of ours has this customer. */
export async function syncMembership(
  db: Database,
  stripe: Stripe,
  customerId: string,
  { now, cause }: { now: Date; cause: ChangeCause },
): Promise<Synced | null> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`customer:${customerId}`}, 0))`;
      const subscriber = await tx.subscriber.findUnique({
        where: { stripeCustomerId: customerId },
        include: { membership: true },
      });
      if (!subscriber) return null;
      const truth = await readTruth(stripe, customerId, { now });
      for (const subscription of truth.extra) await endExtra(stripe, subscription, subscriber.id);
      const isReturned = truth.moneyBack === "returned" || (await lostItsGift(tx, truth, subscriber.id, now));
      const { kept, row } = isReturned ? await endReturned(stripe, truth, subscriber.id, { now }) : truth;
      const before = subscriber.membership;
      await rememberTrial(tx, subscriber.id, truth.subscriptions);
      await copyPayments(tx, { subscriberId: subscriber.id }, truth.charges);
      const after = await writeMembership(tx, subscriber.id, before, row, now);
      const isNewEnd = before?.endsAt?.getTime() !== after?.endsAt?.getTime();
      const reason = isNewEnd ? kept?.cancellation_details?.reason : null;
      const changed =
        after !== null &&
        (await recordChange(tx, { subscriberId: subscriber.id, before, after, cause, reason }, { now }));
      return { subscriberId: subscriber.id, before, after, subscription: kept, changed };
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
}

/** It waits for the end of a gift whose money went back, and would open what nobody paid for until then. */
async function lostItsGift(
  tx: Transaction,
  { kept }: Truth,
  subscriberId: string,
  now: Date,
): Promise<boolean> {
  if (kept?.status !== "trialing" || !followsFreeTime(kept)) return false;
  return isGiftTakenBack(tx, subscriberId, { now });
}

/**
 * Whose money was returned is charged nothing more: what our checkout sold to this person is ended at Stripe, and reads
 * as ended there. Another's subscription is left alone, and opens nothing.
 */
async function endReturned(
  stripe: Stripe,
  { kept, row }: Truth,
  subscriberId: string,
  { now }: { now: Date },
): Promise<Pick<Truth, "kept" | "row">> {
  if (!kept || kept.metadata.subscriberId !== subscriberId) return { kept, row };
  const ended = await stripe.subscriptions.cancel(
    kept.id,
    { expand: ["latest_invoice"] },
    { idempotencyKey: `returned:${kept.id}` },
  );
  log.warn({ event: "memberships.ended-by-returned-money", subscriberId, subscriptionId: kept.id });
  return {
    kept: ended,
    row: membershipRow(ended, { now, pastDueSince: null, dueCents: null, moneyBack: "none", ...NOT_PAUSED }),
  };
}

/**
 * The one trial that a person has: when it began, once, and when it ended or will end, which Stripe may move. What waits
 * for the end of a gift or a comp is none, though Stripe calls it so.
 */
async function rememberTrial(
  tx: Transaction,
  subscriberId: string,
  subscriptions: readonly Stripe.Subscription[],
): Promise<void> {
  const [first] = subscriptions
    .filter((each) => !followsFreeTime(each))
    .flatMap((each) =>
      each.trial_start === null || each.trial_end === null
        ? []
        : [{ start: each.trial_start, end: Math.min(each.trial_end, each.ended_at ?? each.trial_end) }],
    )
    .sort((a, b) => a.start - b.start);
  if (!first) return;
  await tx.subscriber.updateMany({
    where: { id: subscriberId, trialUsedAt: null },
    data: { trialUsedAt: fromSeconds(first.start) },
  });
  const trialEndsAt = fromSeconds(first.end);
  await tx.subscriber.updateMany({
    where: { id: subscriberId, OR: [{ trialEndsAt: null }, { NOT: { trialEndsAt } }] },
    data: { trialEndsAt },
  });
}

async function writeMembership(
  tx: Transaction,
  subscriberId: string,
  before: Membership | null,
  row: MembershipRow | null,
  now: Date,
): Promise<Membership | null> {
  if (!row) return closeOrphan(tx, before, now);
  if (outlives(before, row)) return before;
  const gift = isOver(row.status) ? await runningGifts(tx, subscriberId, { now }) : null;
  if (gift) return writeGiftMembership(tx, subscriberId, gift, { now });
  return tx.membership.upsert({
    where: { subscriberId },
    create: { subscriberId, ...row },
    update: row,
  });
}

/** What was given to somebody who paid as well comes back when the paid time is over. */
function isOver(status: MembershipRow["status"]): boolean {
  return !LIVE_STATUSES.has(status) && status !== "INCOMPLETE";
}

/** Stripe knows the customer and no subscription: what our row says was bought in an account used before. */
async function closeOrphan(
  tx: Transaction,
  before: Membership | null,
  now: Date,
): Promise<Membership | null> {
  if (!runsAtStripe(before)) return before;
  return tx.membership.update({
    where: { subscriberId: before.subscriberId },
    data: {
      status: "CANCELED",
      endsAt: now,
      dueCents: null,
      ...NOT_PAUSED,
      disputed: false,
      syncedAt: now,
    },
  });
}
