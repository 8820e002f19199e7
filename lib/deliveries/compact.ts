/**
 * Puts away the ledgers of issues that were finished long ago: each delivery becomes a row of a quarter of its size, in
 * batches, each of them a transaction, so that whoever reads finds every delivery once. May run twice, at once, and be
 * stopped at any moment. Never touches an issue of which anything is open, uncertain or may still be taken back, and
 * gives way to mail that is being sent.
 */
import type { Database, Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import { Prisma } from "@/prisma/generated/client";

export type Compaction = { issues: number; rows: number };

const BATCH = 5_000;
/** In one go; the rest waits for the next, an hour later. */
const MOST_ROWS = 500_000;
const DAY_MS = 86_400_000;
/** Who leaves may take it back for a day, and then gets what was skipped. */
const UNDO_DAYS = 2;

export async function compactLedgers(
  db: Database,
  options: { now: Date; afterDays: number; signal?: AbortSignal; batch?: number },
): Promise<Compaction> {
  const done: Compaction = { issues: 0, rows: 0 };
  for (const issueId of await listPast(db, options)) {
    const before = done.rows;
    let moved = 0;
    do {
      if (options.signal?.aborted || done.rows >= MOST_ROWS || (await isSending(db))) return done;
      moved = await putAway(db, issueId, options);
      done.rows += moved;
    } while (moved > 0);
    if (done.rows === before) continue;
    done.issues += 1;
    log.info({ event: "deliveries.compacted", issueId }, "an old ledger is put away");
  }
  return done;
}

type Age = { now: Date; afterDays: number };

/** Oldest first. */
async function listPast(db: Database, age: Age): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM "Issue" i WHERE ${isPast(age)} ORDER BY i."audienceFrozenAt"`;
  return rows.map(({ id }) => id);
}

/** Of `i`: finished, and everything in it settled that long ago. A row's next attempt is the moment of its settling. */
function isPast({ now, afterDays }: Age): Prisma.Sql {
  const before = new Date(now.getTime() - afterDays * DAY_MS);
  const undoSince = new Date(now.getTime() - UNDO_DAYS * DAY_MS);
  return Prisma.sql`i."audienceFrozenAt" < ${before}
    AND EXISTS (SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id)
    AND NOT EXISTS (SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id
      AND d.state IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNCERTAIN'))
    AND NOT EXISTS (SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id
      AND d.state IN ('SENT', 'FAILED', 'SKIPPED') AND d."nextAttemptAt" >= ${before})
    AND NOT EXISTS (SELECT 1 FROM "Delivery" d JOIN "Subscriber" s ON s.id = d."subscriberId"
      WHERE d."issueId" = i.id AND d.state = 'SKIPPED' AND s."unsubscribedAt" > ${undoSince})`;
}

async function isSending(db: Database): Promise<boolean> {
  const [row] = await db.$queryRaw<{ sending: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "Issue" i JOIN "Delivery" d ON d."issueId" = i.id AND d.state = 'SENDING'
      WHERE i."audienceFrozenAt" IS NOT NULL) AS sending`;
  return row?.sending === true;
}

/** One batch; 0 where nothing is left, or somebody else is at it. */
async function putAway(
  db: Database,
  issueId: string,
  { batch = BATCH, ...age }: Age & { batch?: number },
): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const [issue] = await tx.$queryRaw<{ id: string }[]>`
        SELECT i.id FROM "Issue" i WHERE i.id = ${issueId} AND ${isPast(age)} FOR UPDATE SKIP LOCKED`;
      if (!issue) return 0;
      return move(tx, await ledgerNumber(tx, issueId, age.now), issueId, batch);
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
}

async function ledgerNumber(tx: Transaction, issueId: string, now: Date): Promise<number> {
  const ledger = await tx.pastLedger.upsert({
    where: { issueId },
    create: { issueId, startedAt: now },
    update: {},
    select: { id: true },
  });
  return ledger.id;
}

/** What the server said to mail that it took is a number of its own in its own log, which is gone by then. */
async function move(tx: Transaction, ledgerId: number, issueId: string, batch: number): Promise<number> {
  return tx.$executeRaw`
    WITH gone AS (
      DELETE FROM "Delivery" WHERE id IN (SELECT id FROM "Delivery" WHERE "issueId" = ${issueId} LIMIT ${batch})
      RETURNING *
    )
    INSERT INTO "PastDelivery" (id, "messageHash", at, "ledgerId", "statusLineId", state, variant, attempt, "smtpCode",
      "subscriberId", "enhancedCode", reply)
    SELECT id, "messageHash", COALESCE("sentAt", GREATEST("nextAttemptAt", "createdAt")), ${ledgerId}, "statusLineId",
      state, variant, LEAST(attempt, 32767)::smallint, "smtpCode"::smallint, "subscriberId",
      CASE WHEN state <> 'SENT' THEN "enhancedCode" END, CASE WHEN state <> 'SENT' THEN left(reply, 300) END
    FROM gone`;
}
