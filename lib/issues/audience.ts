/** How many people read, what they pay, and how that went lately. Reads only; numbers, never names. */
import type { Database } from "@/lib/db";
import { opensPaidIssues } from "@/lib/memberships/access";
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
  /** What the paying bring a month, by currency. */
  monthly: { currency: string; amountCents: number }[];
};

const FACTS = {
  source: true,
  status: true,
  trialEndsAt: true,
  currentPeriodEndsAt: true,
  cancelAtPeriodEnd: true,
  pastDueSince: true,
  endsAt: true,
  amountCents: true,
  currency: true,
  subscriber: { select: { status: true } },
} as const;

/** Memberships that open paid issues now, by the one rule that decides it for readers. */
async function openMemberships(db: Database, now: Date) {
  const [{ graceDays }, memberships] = await Promise.all([
    getPublication(db),
    db.membership.findMany({ select: FACTS }),
  ]);
  return memberships.filter((membership) => opensPaidIssues(membership, { now, graceDays }));
}

export async function countAudience(db: Database, { now }: { now: Date }): Promise<Audience> {
  const [confirmed, open] = await Promise.all([
    db.subscriber.count({ where: { status: "CONFIRMED" } }),
    openMemberships(db, now),
  ]);
  return { confirmed, members: open.filter((each) => each.subscriber.status === "CONFIRMED").length };
}

export async function countMembers(db: Database, { now }: { now: Date }): Promise<Members> {
  const members: Members = { trials: 0, paying: 0, overdue: 0, free: 0, monthly: [] };
  const sums = new Map<string, number>();
  for (const { source, status, amountCents, currency } of await openMemberships(db, now)) {
    if (source !== "STRIPE") members.free += 1;
    else if (status === "TRIALING") members.trials += 1;
    else if (status === "PAST_DUE") members.overdue += 1;
    else {
      members.paying += 1;
      if (currency && amountCents) sums.set(currency, (sums.get(currency) ?? 0) + amountCents);
    }
  }
  members.monthly = Array.from(sums, ([currency, amountCents]) => ({ currency, amountCents }));
  return members;
}

const WEEK_MS = 7 * 86_400_000;

export type Growth = {
  /** Today's confirmed subscribers by when they confirmed, as a running total at the end of each week, oldest first. */
  weeks: { end: Date; total: number }[];
  /** In the last seven days. */
  joined: number;
  left: number;
};

export async function readersByWeek(
  db: Database,
  { now, weeks }: { now: Date; weeks: number },
): Promise<Growth> {
  const ends = Array.from({ length: weeks }, (_, index) => {
    return new Date(now.getTime() - (weeks - 1 - index) * WEEK_MS);
  });
  const lately = { gt: new Date(now.getTime() - WEEK_MS) };
  const [totals, joined, left] = await Promise.all([
    db.$queryRaw<{ total: number }[]>`
      SELECT (
        SELECT count(*)::int FROM "Subscriber" WHERE status = 'CONFIRMED' AND "confirmedAt" <= week.ends
      ) AS total
      FROM unnest(${ends}::timestamp[]) WITH ORDINALITY AS week(ends, place)
      ORDER BY place`,
    db.subscriber.count({ where: { status: "CONFIRMED", confirmedAt: lately } }),
    db.subscriber.count({ where: { status: "UNSUBSCRIBED", unsubscribedAt: lately } }),
  ]);
  return {
    weeks: ends.map((end, index) => ({ end, total: totals[index]?.total ?? 0 })),
    joined,
    left,
  };
}
