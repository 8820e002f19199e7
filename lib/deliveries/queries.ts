import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Prisma } from "@/prisma/generated/client";
import { DeliveryState } from "@/prisma/generated/enums";
import { type CameBack, listCameBack } from "./bounces/queries";
import { type SendingProgress, type StateCounts, sendingProgress } from "./progress";

/** Reading the ledger for the desk and the command. */

/** Throws NOT_FOUND. */
export async function getSendingProgress(
  db: Database,
  issueId: string,
  { now }: { now: Date },
): Promise<SendingProgress> {
  const issue = await db.issue.findUnique({
    where: { id: issueId },
    select: { audienceFrozenAt: true, sendingPausedAt: true, sendingPausedReason: true },
  });
  if (!issue) throw new DomainError("NOT_FOUND", "This issue is gone.");
  const [groups, lately] = await Promise.all([
    db.delivery.groupBy({ by: ["state"], where: { issueId }, _count: true }),
    db.delivery.aggregate({
      where: { issueId, state: "SENT", sentAt: { gt: new Date(now.getTime() - 60_000) } },
      _count: true,
      _min: { sentAt: true },
    }),
  ]);
  const counts = noCounts();
  for (const group of groups) counts[group.state] = group._count;
  return sendingProgress({
    audienceFrozen: issue.audienceFrozenAt !== null,
    paused: issue.sendingPausedAt ? { reason: issue.sendingPausedReason ?? "Paused by the author." } : null,
    counts,
    lately: {
      sent: lately._count,
      seconds: lately._min.sentAt ? (now.getTime() - lately._min.sentAt.getTime()) / 1_000 : 0,
    },
  });
}

function noCounts(): StateCounts {
  const { QUEUED, SENDING, SENT, DEFERRED, FAILED, UNCERTAIN, SKIPPED } = DeliveryState;
  return {
    [QUEUED]: 0,
    [SENDING]: 0,
    [SENT]: 0,
    [DEFERRED]: 0,
    [FAILED]: 0,
    [UNCERTAIN]: 0,
    [SKIPPED]: 0,
  };
}

export type DeliveryInList = {
  id: string;
  email: string | null;
  subscriberId: string | null;
  state: DeliveryState;
  variant: "WHOLE" | "TEASER" | null;
  attempt: number;
  reply: string | null;
  sentAt: Date | null;
  nextAttemptAt: Date;
  /** A report that came later, though the mail server had taken it. */
  cameBack: CameBack | null;
};

export type DeliveryPage = { deliveries: DeliveryInList[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 50;

export type LedgerFilter = { issueId: string; state?: DeliveryState; search?: string };

/** What the search of the ledger means, on the page and in its file. */
export function ledgerWhere(filter: LedgerFilter): Prisma.DeliveryWhereInput {
  const search = filter.search?.trim().slice(0, 200) ?? "";
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return {
    issueId: filter.issueId,
    ...(filter.state ? { state: filter.state } : {}),
    ...(search === "" ? {} : { subscriber: { email: contains } }),
  };
}

export async function listDeliveries(
  db: Database,
  request: LedgerFilter & { page?: number },
): Promise<DeliveryPage> {
  const where = ledgerWhere(request);
  const total = await db.delivery.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.delivery.findMany({
    where,
    orderBy: { id: "asc" },
    skip: (page - 1) * PAGE_SIZE,
    take: PAGE_SIZE,
    include: { subscriber: { select: { email: true } } },
  });
  const cameBack = await listCameBack(
    db,
    rows.map(({ id }) => id),
  );
  return {
    deliveries: rows.map(
      ({ id, subscriber, subscriberId, state, variant, attempt, reply, sentAt, nextAttemptAt }) => ({
        id: String(id),
        email: subscriber?.email ?? null,
        subscriberId,
        state,
        variant,
        attempt,
        reply,
        sentAt,
        nextAttemptAt,
        cameBack: cameBack.get(id) ?? null,
      }),
    ),
    total,
    page,
    pageCount,
  };
}

export type Reason = { state: DeliveryState; reply: string | null; count: number };

const MOST_REASONS = 12;

/**
 * Why messages did not go out, the commonest first. Answers with the same codes are one reason, with one of the server's
 * sentences for all of them: many servers put a number of their own into each.
 */
export async function listReasons(db: Database, issueId: string): Promise<Reason[]> {
  return db.$queryRaw<Reason[]>`
    SELECT state, min(words) AS reply, count(*)::int AS count
    FROM (
      SELECT state, "smtpCode", "enhancedCode", regexp_replace(reply, ' [0-9]{4}-[0-9]{2}-[0-9]{2}T.*$', '') AS words
      FROM "Delivery"
      WHERE "issueId" = ${issueId} AND state IN ('FAILED', 'DEFERRED', 'SKIPPED', 'UNCERTAIN')
    ) AS unsent
    GROUP BY state, "smtpCode", "enhancedCode", CASE WHEN "smtpCode" IS NULL THEN words END
    ORDER BY count DESC, state, reply
    LIMIT ${MOST_REASONS}`;
}

export type Sending = {
  id: string;
  title: string;
  number: number | null;
  startedAt: Date;
  counts: StateCounts;
};

/** The latest sendings, oldest of them first, as charts show them. */
export async function listSendings(db: Database, { latest }: { latest: number }): Promise<Sending[]> {
  const issues = await db.issue.findMany({
    where: { audienceFrozenAt: { not: null } },
    orderBy: { audienceFrozenAt: "desc" },
    take: latest,
    select: { id: true, title: true, number: true, audienceFrozenAt: true },
  });
  const groups = await db.delivery.groupBy({
    by: ["issueId", "state"],
    where: { issueId: { in: issues.map((issue) => issue.id) } },
    _count: true,
  });
  return issues.reverse().flatMap(({ audienceFrozenAt, ...issue }) => {
    if (!audienceFrozenAt) return [];
    const counts = noCounts();
    for (const group of groups) if (group.issueId === issue.id) counts[group.state] = group._count;
    return [{ ...issue, startedAt: audienceFrozenAt, counts }];
  });
}
