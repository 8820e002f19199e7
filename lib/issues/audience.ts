/** How many people read, what they pay, and how that went lately. Reads only; numbers, never names. */
import type { Database } from "@/lib/db";
import { opensPaidIssues } from "@/lib/memberships/access";
import { type Money, monthlyRevenue } from "@/lib/memberships/figures";
import { COUNTED } from "@/lib/memberships/figures-queries";
import { getPublication } from "@/lib/publication/queries";

export type Audience = {
  /** Whom an issue would go to if it were sent now. */
  confirmed: number;
  /** Of the confirmed: who would get it whole. */
  members: number;
};

export type Members = {
  trials: number;
  paying: number;
  /** Their last payment failed; the grace days still run. */
  overdue: number;
  /** Comps and gifts. */
  free: number;
  /** What recurs each month, by currency, also from those whose payment failed and is tried again. */
  monthly: Money[];
};

const FACTS = { ...COUNTED, subscriber: { select: { status: true } } } as const;

/** All memberships, and those that open paid issues now by the one rule that decides it for readers. */
async function readMemberships(db: Database, now: Date) {
  const [{ graceDays }, all] = await Promise.all([
    getPublication(db),
    db.membership.findMany({ select: FACTS }),
  ]);
  return { all, open: all.filter((membership) => opensPaidIssues(membership, { now, graceDays })) };
}

export async function countAudience(db: Database, { now }: { now: Date }): Promise<Audience> {
  const [confirmed, { open }] = await Promise.all([
    db.subscriber.count({ where: { status: "CONFIRMED" } }),
    readMemberships(db, now),
  ]);
  return { confirmed, members: open.filter((each) => each.subscriber.status === "CONFIRMED").length };
}

export async function countMembers(db: Database, { now }: { now: Date }): Promise<Members> {
  const { all, open } = await readMemberships(db, now);
  const members: Members = { trials: 0, paying: 0, overdue: 0, free: 0, monthly: monthlyRevenue(all, now) };
  for (const { source, status } of open) {
    if (source !== "STRIPE") members.free += 1;
    else if (status === "TRIALING") members.trials += 1;
    else if (status === "PAST_DUE") members.overdue += 1;
    else members.paying += 1;
  }
  return members;
}

const WEEK_MS = 7 * 86_400_000;

export type Growth = {
  /** Today's confirmed subscribers by when they confirmed, as a running total at the end of each week, oldest first. */
  weeks: { end: Date; total: number }[];
  /** In the last seven days; who joined and left, or was closed, within them counts as both. */
  joined: number;
  left: number;
  /** Readers whose address was closed: it bounced, somebody complained, or the author said so. */
  closed: number;
};

export async function readersByWeek(
  db: Database,
  { now, weeks }: { now: Date; weeks: number },
): Promise<Growth> {
  const ends = Array.from({ length: weeks }, (_, index) => {
    return new Date(now.getTime() - (weeks - 1 - index) * WEEK_MS);
  });
  const lately = { gt: new Date(now.getTime() - WEEK_MS) };
  const [totals, joined, left, closed] = await Promise.all([
    db.$queryRaw<{ total: number }[]>`
      SELECT (
        SELECT count(*)::int FROM "Subscriber" WHERE status = 'CONFIRMED' AND "confirmedAt" <= week.ends
      ) AS total
      FROM unnest(${ends}::timestamp[]) WITH ORDINALITY AS week(ends, place)
      ORDER BY place`,
    db.subscriber.count({ where: { confirmedAt: lately } }),
    db.subscriber.count({ where: { confirmedAt: { not: null }, unsubscribedAt: lately } }),
    db.subscriber.count({
      where: {
        status: "SUPPRESSED",
        confirmedAt: { not: null },
        unsubscribedAt: null,
        suppressedAt: lately,
      },
    }),
  ]);
  return {
    weeks: ends.map((end, index) => ({ end, total: totals[index]?.total ?? 0 })),
    joined,
    left,
    closed,
  };
}
