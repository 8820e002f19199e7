/**
 * Sends an issue, after it was sent, to those who were missed: rows that failed for a reason that may have passed, and,
 * of the issue that was sent last alone, confirmed subscribers who have no row in its ledger, since they came later: who
 * joins does not get every issue there ever was. For thirty days, since nobody expects older mail. Never to who has it,
 * who left, whose address was refused for good, or of whom nobody knows whether they have it. May run twice and at once:
 * each row is added once.
 */
import type { Database, Transaction } from "@/lib/db";
import { askForJob } from "@/lib/jobs";
import { log } from "@/lib/log";
import { Prisma } from "@/prisma/generated/client";
import { DATABASE_NOW } from "./clock";
import { GAVE_UP, NOT_WRITTEN } from "./outcome";
import { writeAudience } from "./prepare";

export type Missed = {
  /** Confirmed since the audience was frozen. */
  newcomers: number;
  /** Given up after 72 hours, or failed before anything left. */
  retryable: number;
};

/** For so long after it began to be sent. */
export const MISSED_DAYS = 30;
const DAY_MS = 86_400_000;

/** Null where there is nothing to send (any more): not sent yet, too long ago, withdrawn, no issue. */
export async function countMissed(
  db: Database,
  issueId: string,
  { now }: { now: Date },
): Promise<Missed | null> {
  const issue = await findSendable(db, issueId, now);
  if (!issue) return null;
  const [counts] = await db.$queryRaw<Missed[]>`
    SELECT
      (SELECT count(*) FROM "Subscriber" s WHERE ${issue.isLatest} AND s.status = 'CONFIRMED'
        AND NOT EXISTS (SELECT 1 FROM "Delivery" d WHERE d."subscriberId" = s.id AND d."issueId" = ${issueId})
      )::int AS newcomers,
      (SELECT count(*) FROM "Delivery" d ${ofConfirmedReaders(issueId)})::int AS retryable`;
  return counts ?? null;
}

/** What it queued. Both are 0 where another press was first, and where nothing may be sent. */
export async function sendToMissed(db: Database, issueId: string, { now }: { now: Date }): Promise<Missed> {
  const missed = await db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Issue" WHERE id = ${issueId} FOR UPDATE`;
      const issue = await findSendable(tx, issueId, now);
      if (!issue) return { newcomers: 0, retryable: 0 };
      const retryable = await queueAgain(tx, issueId);
      const newcomers = issue.isLatest ? await writeAudience(tx, issueId) : 0;
      await tx.issue.update({ where: { id: issueId }, data: { audienceCount: { increment: newcomers } } });
      if (retryable + newcomers > 0) await askForJob(tx, "send", { issueId });
      return { newcomers, retryable };
    },
    { timeout: 120_000, maxWait: 30_000 },
  );
  log.info({ event: "deliveries.sent-to-missed", issueId, ...missed }, "those who were missed are queued");
  return missed;
}

/**
 * An issue whose ledger is not here (put away, or left behind when this installation moved) goes to nobody: everybody
 * would look like a newcomer.
 */
async function findSendable(
  db: Database | Transaction,
  id: string,
  now: Date,
): Promise<{ isLatest: boolean } | null> {
  const issue = await db.issue.findFirst({
    where: {
      ...SENT,
      id,
      audienceFrozenAt: { gt: new Date(now.getTime() - MISSED_DAYS * DAY_MS) },
      pastLedger: null,
      OR: [{ deliveries: { some: {} } }, { audienceCount: 0 }],
    },
    select: { audienceFrozenAt: true },
  });
  if (!issue?.audienceFrozenAt) return null;
  const later = await db.issue.findFirst({
    where: { ...SENT, id: { not: id }, audienceFrozenAt: { gt: issue.audienceFrozenAt } },
    select: { id: true },
  });
  return { isLatest: later === null };
}

const SENT = { kind: "ISSUE", state: "PUBLISHED", withdrawnAt: null } as const;

function ofConfirmedReaders(issueId: string): Prisma.Sql {
  return Prisma.sql`JOIN "Subscriber" s ON s.id = d."subscriberId" AND s.status = 'CONFIRMED'
    WHERE d."issueId" = ${issueId} AND d.state = 'FAILED'
      AND (starts_with(d.reply, ${GAVE_UP}) OR starts_with(d.reply, ${NOT_WRITTEN}))`;
}

/** As if it had never been tried: the 72 hours begin anew. */
async function queueAgain(tx: Transaction, issueId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE "Delivery" q SET state = 'QUEUED', deferrals = 0, "nextAttemptAt" = ${DATABASE_NOW}
    FROM (SELECT d.id FROM "Delivery" d ${ofConfirmedReaders(issueId)}) AS missed WHERE q.id = missed.id`;
}
