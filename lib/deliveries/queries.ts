import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { Prisma } from "@/prisma/generated/client";
import { DeliveryState } from "@/prisma/generated/enums";
import { type CameBack, listCameBack } from "./bounces/queries";
import { LEDGER_ROWS, type LedgerRow } from "./ledger-rows";
import { findMailTrouble } from "./mail-trouble";
import { type SendingProgress, type StateCounts, sendingProgress } from "./progress";

/** Reading the ledger for the desk and the command. */

/** What waits no longer than this for its turn is on its way as far as anybody can see. */
const SOON_MS = 10_000;

/** `now` is the database's (`databaseNow`), as the moments of the rows are. Throws NOT_FOUND. */
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
  const [groups, mailTrouble, later, lately] = await Promise.all([
    countByState(db, [issueId]),
    findMailTrouble(db),
    db.delivery.aggregate({
      where: { issueId, state: "QUEUED", nextAttemptAt: { gt: new Date(now.getTime() + SOON_MS) } },
      _count: true,
      _min: { nextAttemptAt: true },
    }),
    db.delivery.aggregate({
      where: { issueId, state: "SENT", sentAt: { gt: new Date(now.getTime() - 60_000) } },
      _count: true,
      _min: { sentAt: true },
    }),
  ]);
  const counts = noCounts();
  for (const group of groups) counts[group.state] = group.count;
  return sendingProgress({
    audienceFrozen: issue.audienceFrozenAt !== null,
    paused: issue.sendingPausedAt ? { reason: issue.sendingPausedReason ?? "Paused by the author." } : null,
    counts,
    later: later._min.nextAttemptAt && {
      count: later._count,
      minutes: Math.ceil((later._min.nextAttemptAt.getTime() - now.getTime()) / 60_000),
    },
    mailTrouble,
    lately: {
      sent: lately._count,
      seconds: lately._min.sentAt ? (now.getTime() - lately._min.sentAt.getTime()) / 1_000 : 0,
    },
  });
}

type StateCount = { issueId: string; state: DeliveryState; count: number };

async function countByState(db: Database, issueIds: string[]): Promise<StateCount[]> {
  return db.$queryRaw<StateCount[]>`
    SELECT r."issueId", r.state, count(*)::int AS count FROM ${LEDGER_ROWS} r
    WHERE r."issueId" = ANY(${issueIds}::text[]) GROUP BY r."issueId", r.state`;
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
  /** Compacted: of what was taken, the server's words are no longer known. */
  past: boolean;
  /** A report that came later, though the mail server had taken it. */
  cameBack: CameBack | null;
};

export type DeliveryPage = { deliveries: DeliveryInList[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 50;

export type LedgerFilter = { issueId: string; state?: DeliveryState; search?: string };

/** What the search of the ledger means, on the page and in its file: of rows `r` with their subscriber `s`. */
export function ledgerWhere(filter: LedgerFilter): Prisma.Sql {
  const search = filter.search?.trim().slice(0, 200) ?? "";
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`r."issueId" = ${filter.issueId}
    ${filter.state ? Prisma.sql`AND r.state = ${filter.state}::"DeliveryState"` : Prisma.empty}
    ${search === "" ? Prisma.empty : Prisma.sql`AND (s.email ILIKE ${pattern} OR r.reply ILIKE ${pattern})`}`;
}

export async function listDeliveries(
  db: Database,
  request: LedgerFilter & { page?: number },
): Promise<DeliveryPage> {
  const found = Prisma.sql`FROM ${LEDGER_ROWS} r LEFT JOIN "Subscriber" s ON s.id = r."subscriberId"
    WHERE ${ledgerWhere(request)}`;
  const [counted] = await db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${found}`;
  const total = counted?.total ?? 0;
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.$queryRaw<(LedgerRow & { email: string | null })[]>`
    SELECT r.*, s.email ${found} ORDER BY r.id LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
  const cameBack = await listCameBack(
    db,
    rows.map(({ id }) => id),
  );
  return {
    deliveries: rows.map(
      ({ id, email, subscriberId, state, variant, attempt, reply, sentAt, nextAttemptAt, past }) => ({
        id: String(id),
        email,
        subscriberId,
        state,
        variant,
        attempt,
        reply,
        sentAt,
        nextAttemptAt,
        past,
        cameBack: cameBack.get(id) ?? null,
      }),
    ),
    total,
    page,
    pageCount,
  };
}

export type Reason = {
  state: DeliveryState;
  reply: string | null;
  count: number;
  /** When the first of them is tried again; null of those that are not. */
  nextAttemptAt: Date | null;
};

const MOST_REASONS = 12;

/**
 * Why messages did not go out, the commonest first. Answers with the same codes are one reason, with one of the server's
 * sentences for all of them: many servers put a number of their own into each.
 */
export async function listReasons(db: Database, issueId: string): Promise<Reason[]> {
  return db.$queryRaw<Reason[]>`
    SELECT state, min(words) AS reply, count(*)::int AS count,
      min("nextAttemptAt") FILTER (WHERE state = 'DEFERRED') AS "nextAttemptAt"
    FROM (
      SELECT state, "smtpCode", "enhancedCode", "nextAttemptAt", regexp_replace(reply, ' [0-9]{4}-[0-9]{2}-[0-9]{2}T.*$', '') AS words
      FROM ${LEDGER_ROWS} r
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
  const groups = await countByState(
    db,
    issues.map((issue) => issue.id),
  );
  return issues.reverse().flatMap(({ audienceFrozenAt, ...issue }) => {
    if (!audienceFrozenAt) return [];
    const counts = noCounts();
    for (const group of groups) if (group.issueId === issue.id) counts[group.state] = group.count;
    return [{ ...issue, startedAt: audienceFrozenAt, counts }];
  });
}
