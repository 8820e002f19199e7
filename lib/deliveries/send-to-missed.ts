/**
 * Sends an issue, after it was sent, to those who were missed: confirmed subscribers who have no row in its ledger, since
 * they came later, and rows that failed for a reason that may have passed. Never to who has it, who left, whose address
 * was refused for good, or of whom nobody knows whether they have it. May run twice and at once: each row is added once.
 */
import type { Database, Transaction } from "@/lib/db";
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

/** Null where there is nothing to send (any more): not sent yet, withdrawn, no issue. */
export async function countMissed(db: Database, issueId: string): Promise<Missed | null> {
  if (!(await db.issue.findFirst({ where: sendable(issueId), select: { id: true } }))) return null;
  const [counts] = await db.$queryRaw<Missed[]>`
    SELECT
      (SELECT count(*) FROM "Subscriber" s WHERE s.status = 'CONFIRMED'
        AND NOT EXISTS (SELECT 1 FROM "Delivery" d WHERE d."subscriberId" = s.id AND d."issueId" = ${issueId})
      )::int AS newcomers,
      (SELECT count(*) FROM "Delivery" d ${ofConfirmedReaders(issueId)})::int AS retryable`;
  return counts ?? null;
}

/** What it queued. Both are 0 where another press was first, and where nothing may be sent. */
export async function sendToMissed(db: Database, issueId: string): Promise<Missed> {
  const missed = await db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Issue" WHERE id = ${issueId} FOR UPDATE`;
      if (!(await tx.issue.findFirst({ where: sendable(issueId) }))) return { newcomers: 0, retryable: 0 };
      const retryable = await queueAgain(tx, issueId);
      const newcomers = await writeAudience(tx, issueId);
      await tx.issue.update({ where: { id: issueId }, data: { audienceCount: { increment: newcomers } } });
      return { newcomers, retryable };
    },
    { timeout: 120_000, maxWait: 30_000 },
  );
  log.info({ event: "deliveries.sent-to-missed", issueId, ...missed }, "those who were missed are queued");
  return missed;
}

function sendable(id: string) {
  return {
    id,
    kind: "ISSUE",
    state: "PUBLISHED",
    audienceFrozenAt: { not: null },
    withdrawnAt: null,
    pastLedger: null,
  } as const;
}

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
