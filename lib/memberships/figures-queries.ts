/** Reading members and their figures for the desk. Nothing here changes a row; every state comes from `figures.ts`. */
import type { Database } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import type { Prisma } from "@/prisma/generated/client";
import type { DiscountFields } from "./discount";
import {
  amountsDue,
  type CountedMembership,
  churn,
  countStates,
  graceEndsAt,
  type MemberState,
  type Money,
  memberStateOf,
  monthlyRevenue,
  nextChargeAt,
  type Share,
  stateSince,
  type Trial,
  trialConversion,
} from "./figures";
import type { Priced } from "./price-words";

export const CONVERSION_DAYS = 90;
export const CHURN_DAYS = 30;
const DAY_MS = 86_400_000;
const PAGE_SIZE = 50;

export const COUNTED = {
  source: true,
  status: true,
  startedAt: true,
  trialEndsAt: true,
  currentPeriodEndsAt: true,
  cancelAtPeriodEnd: true,
  pastDueSince: true,
  endsAt: true,
  pausedFrom: true,
  amountCents: true,
  currency: true,
  intervalMonths: true,
  dueCents: true,
  discountCode: true,
  discountCents: true,
  recurringDiscountCents: true,
  discountEndsAt: true,
} satisfies Prisma.MembershipSelect;

const WITH_PERSON = { ...COUNTED, subscriber: { select: { id: true, email: true, name: true } } } as const;
type Row = CountedMembership & DiscountFields & { subscriber: { id: string; email: string; name: string } };

export type Member = {
  subscriberId: string;
  email: string;
  name: string;
  state: MemberState;
  since: Date;
  nextChargeAt: Date | null;
  /** When it ends or ended, for those who left or whose comp has a last day. */
  endsAt: Date | null;
  price: Priced | null;
  due: Money | null;
  /** When a failed payment closes paid issues. */
  graceEndsAt: Date | null;
};

export type MemberList = {
  rows: Member[];
  /** Matching the search and the state. */
  total: number;
  /** Matching the search, by state. */
  counts: Record<MemberState, number>;
  page: number;
  pageCount: number;
};

export type MemberFilter = {
  search?: string;
  state?: MemberState;
  page?: number;
  pageSize?: number;
};

/** Those whose state changed last come first. Pages count from 1; one past the end shows the last. */
export async function listMembers(
  db: Database,
  filter: MemberFilter,
  { now }: { now: Date },
): Promise<MemberList> {
  const pageSize = Math.min(Math.max(filter.pageSize ?? PAGE_SIZE, 1), 200);
  const [{ graceDays }, found] = await Promise.all([
    getPublication(db),
    db.membership.findMany({ where: searchFor(filter.search), select: WITH_PERSON }),
  ]);
  const members = found.map((row) => asMember(row, { now, graceDays }));
  const chosen = members.filter(({ state }) => filter.state === undefined || state === filter.state);
  chosen.sort(
    (a, b) => b.since.getTime() - a.since.getTime() || a.subscriberId.localeCompare(b.subscriberId),
  );
  const pageCount = Math.max(1, Math.ceil(chosen.length / pageSize));
  const page = Math.min(Math.max(1, Math.trunc(filter.page ?? 1) || 1), pageCount);
  return {
    rows: chosen.slice((page - 1) * pageSize, page * pageSize),
    total: chosen.length,
    counts: countStates(found, { now, graceDays }).states,
    page,
    pageCount,
  };
}

function searchFor(search: string | undefined): Prisma.MembershipWhereInput {
  const words = search?.trim().slice(0, 200) ?? "";
  if (words === "") return {};
  const contains = { contains: words.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return { subscriber: { OR: [{ email: contains }, { name: contains }] } };
}

function asMember(row: Row, { now, graceDays }: { now: Date; graceDays: number }): Member {
  const { amountCents, currency, dueCents, subscriber } = row;
  const isStripe = row.source === "STRIPE";
  return {
    subscriberId: subscriber.id,
    email: subscriber.email,
    name: subscriber.name,
    state: memberStateOf(row, now),
    since: stateSince(row, now),
    nextChargeAt: nextChargeAt(row, now),
    endsAt: row.endsAt,
    price: isStripe && amountCents !== null && currency !== null ? { ...row, amountCents, currency } : null,
    due: dueCents && currency ? { amountCents: dueCents, currency } : null,
    graceEndsAt: graceEndsAt(row, graceDays),
  };
}

export type MemberFigures = {
  /** Who reads everything now, by the one rule that decides it for readers. */
  members: number;
  states: Record<MemberState, number>;
  conversion: Share;
  monthly: Money[];
  churn: Share;
  due: Money[];
  /** Failed payments, those whose access ends first at the top; no more than five. */
  failed: Member[];
};

export async function readFigures(db: Database, { now }: { now: Date }): Promise<MemberFigures> {
  const [{ graceDays }, rows, trials, paidTimes] = await Promise.all([
    getPublication(db),
    db.membership.findMany({ select: WITH_PERSON }),
    listTrials(db, now),
    listPaidTimes(db, now),
  ]);
  const failed = rows
    .map((row) => asMember(row, { now, graceDays }))
    .filter(({ state, due }) => state === "past-due" && due !== null)
    .sort((a, b) => (a.graceEndsAt?.getTime() ?? 0) - (b.graceEndsAt?.getTime() ?? 0));
  return {
    ...countStates(rows, { now, graceDays }),
    conversion: trialConversion(trials, { now, days: CONVERSION_DAYS }),
    monthly: monthlyRevenue(rows, now),
    churn: churn(paidTimes, { now, days: CHURN_DAYS }),
    due: amountsDue(rows, now),
    failed: failed.slice(0, 5),
  };
}

async function listTrials(db: Database, now: Date): Promise<Trial[]> {
  const from = new Date(now.getTime() - CONVERSION_DAYS * DAY_MS);
  return db.$queryRaw<Trial[]>`
    SELECT s."trialEndsAt" AS "endsAt", (
      SELECT min(p.at) FROM "Payment" p
      WHERE p."subscriberId" = s.id AND p.at >= s."trialEndsAt" AND p.at <= ${now}
        AND p.kind = 'CHARGE' AND p.status = 'succeeded' AND p."amountCents" > 0
    ) AS "firstPaidAt"
    FROM "Subscriber" s WHERE s."trialEndsAt" > ${from} AND s."trialEndsAt" <= ${now}`;
}

/** Of each membership at Stripe that anything was paid for. */
async function listPaidTimes(db: Database, now: Date) {
  return db.$queryRaw<{ firstPaidAt: Date; endedAt: Date | null }[]>`
    SELECT min(p.at) AS "firstPaidAt",
      CASE WHEN m."endsAt" <= ${now} THEN m."endsAt" END AS "endedAt"
    FROM "Membership" m JOIN "Payment" p ON p."subscriberId" = m."subscriberId"
    WHERE m.source = 'STRIPE' AND p.kind = 'CHARGE' AND p.status = 'succeeded' AND p."amountCents" > 0
      AND p.at >= m."startedAt"
    GROUP BY m."subscriberId"`;
}
