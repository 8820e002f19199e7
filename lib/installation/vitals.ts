/**
 * How the installation does at this moment, in numbers: what waits, how long it has waited, what went out lately, and
 * which workers gave a sign of life. Cheap enough to be asked every few seconds: it looks at open rows only, by the
 * database's clock. Reads only.
 */
import type { Database } from "@/lib/db";
import { WORKER_SILENT_AFTER_SECONDS } from "@/lib/deliveries/clock";
import { NOT_WRITTEN } from "@/lib/deliveries/outcome";

export type Vitals = {
  /** Deliveries that still lead somewhere, and those that wait for the author. */
  deliveries: { queued: number; sending: number; deferred: number; uncertain: number };
  /** Of these: those of paused issues, which do not go out by themselves. */
  held: { queued: number; deferred: number };
  /** How long the oldest delivery of an issue that is not paused has been due; 0 where none is. */
  oldestDueSeconds: number;
  sentLastMinute: number;
  sentLastHour: number;
  refusedLastHour: number;
  /** Failed on our side, before anything left. */
  unwrittenLastHour: number;
  /** Paused with readers still waiting. */
  pausedIssues: number;
  notices: { waiting: number; oldestSeconds: number; failedLastHour: number };
  stripeEvents: { waiting: number; oldestSeconds: number };
  workers: { count: number; youngestSeconds: number | null };
  /** The last comparing with Stripe; null before the first. */
  reconciliation: { secondsAgo: number; ok: boolean } | null;
};

type Row = {
  queued: number;
  sending: number;
  deferred: number;
  uncertain: number;
  heldQueued: number;
  heldDeferred: number;
  oldestDue: number;
  lastMinute: number;
  lastHour: number;
  refused: number;
  unwritten: number;
  paused: number;
  noticesWaiting: number;
  noticesOldest: number;
  noticesFailed: number;
  eventsWaiting: number;
  eventsOldest: number;
  workers: number;
  youngest: number | null;
  reconciledAgo: number | null;
  reconciledOk: boolean | null;
};

export async function getVitals(db: Database): Promise<Vitals> {
  // A row's next attempt is the moment of its settling once it is sent or failed, so the one index finds all of it. Only
  // what a server said has a code: what the author left, nobody refused.
  const [row] = await db.$queryRaw<Row[]>`
    WITH clock AS (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now),
    recent AS (
      SELECT i.id, i."sendingPausedAt" IS NOT NULL AS paused FROM "Issue" i WHERE i."audienceFrozenAt" IS NOT NULL
    ), open AS (
      SELECT d.state, count(*) AS count, count(*) FILTER (WHERE r.paused) AS held,
        max(EXTRACT(EPOCH FROM now - GREATEST(d."nextAttemptAt", d."createdAt")))
          FILTER (WHERE NOT r.paused AND d.state IN ('QUEUED', 'DEFERRED') AND d."nextAttemptAt" <= now) AS due
      FROM clock, recent r JOIN "Delivery" d ON d."issueId" = r.id
        AND d.state IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNCERTAIN')
      GROUP BY d.state
    ), lately AS (
      SELECT count(*) FILTER (WHERE d."nextAttemptAt" > now - interval '1 minute') AS minute,
        count(*) AS hour
      FROM clock, recent r JOIN "Delivery" d ON d."issueId" = r.id AND d.state = 'SENT'
      WHERE d."nextAttemptAt" > now - interval '1 hour'
    ), failed AS (
      SELECT count(*) FILTER (WHERE d."smtpCode" IS NOT NULL) AS refused,
        count(*) FILTER (WHERE starts_with(d.reply, ${NOT_WRITTEN})) AS unwritten
      FROM clock, recent r JOIN "Delivery" d ON d."issueId" = r.id AND d.state = 'FAILED'
      WHERE d."nextAttemptAt" > now - interval '1 hour'
    ), notices AS (
      SELECT count(*) FILTER (WHERE state IN ('QUEUED', 'SENDING')) AS waiting,
        max(EXTRACT(EPOCH FROM now - "createdAt")) FILTER (WHERE state IN ('QUEUED', 'SENDING')) AS oldest,
        count(*) FILTER (WHERE state = 'FAILED') AS failed
      FROM clock, "Notice"
      WHERE state IN ('QUEUED', 'SENDING') OR (state = 'FAILED' AND "nextAttemptAt" > now - interval '1 hour')
    ), events AS (
      SELECT count(*) AS waiting, max(EXTRACT(EPOCH FROM now - "receivedAt")) AS oldest
      FROM clock, "StripeEvent" WHERE "handledAt" IS NULL
    ), seen AS (
      SELECT count(*) FILTER (WHERE now - "seenAt" <= make_interval(secs => ${WORKER_SILENT_AFTER_SECONDS})) AS count,
        min(EXTRACT(EPOCH FROM now - "seenAt")) AS youngest
      FROM clock, "WorkerHeartbeat"
    ), reconciled AS (
      SELECT EXTRACT(EPOCH FROM now - "finishedAt") AS ago, error IS NULL AND failed = 0 AS ok
      FROM clock, "Reconciliation" WHERE "finishedAt" IS NOT NULL ORDER BY "askedAt" DESC LIMIT 1
    )
    SELECT
      COALESCE((SELECT count FROM open WHERE state = 'QUEUED'), 0)::int AS queued,
      COALESCE((SELECT count FROM open WHERE state = 'SENDING'), 0)::int AS sending,
      COALESCE((SELECT count FROM open WHERE state = 'DEFERRED'), 0)::int AS deferred,
      COALESCE((SELECT count FROM open WHERE state = 'UNCERTAIN'), 0)::int AS uncertain,
      COALESCE((SELECT held FROM open WHERE state = 'QUEUED'), 0)::int AS "heldQueued",
      COALESCE((SELECT held FROM open WHERE state = 'DEFERRED'), 0)::int AS "heldDeferred",
      COALESCE((SELECT max(due) FROM open), 0)::float8 AS "oldestDue",
      lately.minute::int AS "lastMinute", lately.hour::int AS "lastHour",
      failed.refused::int AS refused, failed.unwritten::int AS unwritten,
      (SELECT count(*) FROM recent r WHERE paused AND EXISTS (SELECT 1 FROM "Delivery" d
        WHERE d."issueId" = r.id AND d.state IN ('QUEUED', 'SENDING', 'DEFERRED')))::int AS paused,
      notices.waiting::int AS "noticesWaiting", COALESCE(notices.oldest, 0)::float8 AS "noticesOldest",
      notices.failed::int AS "noticesFailed",
      events.waiting::int AS "eventsWaiting", COALESCE(events.oldest, 0)::float8 AS "eventsOldest",
      seen.count::int AS workers, seen.youngest::float8 AS youngest,
      (SELECT ago FROM reconciled)::float8 AS "reconciledAgo", (SELECT ok FROM reconciled) AS "reconciledOk"
    FROM lately, failed, notices, events, seen`;
  if (!row) throw new Error("The database told nothing of itself.");
  return vitalsOf(row);
}

function vitalsOf(row: Row): Vitals {
  const { queued, sending, deferred, uncertain, reconciledAgo } = row;
  return {
    deliveries: { queued, sending, deferred, uncertain },
    held: { queued: row.heldQueued, deferred: row.heldDeferred },
    oldestDueSeconds: row.oldestDue,
    sentLastMinute: row.lastMinute,
    sentLastHour: row.lastHour,
    refusedLastHour: row.refused,
    unwrittenLastHour: row.unwritten,
    pausedIssues: row.paused,
    notices: {
      waiting: row.noticesWaiting,
      oldestSeconds: row.noticesOldest,
      failedLastHour: row.noticesFailed,
    },
    stripeEvents: { waiting: row.eventsWaiting, oldestSeconds: row.eventsOldest },
    workers: { count: row.workers, youngestSeconds: row.youngest },
    reconciliation:
      reconciledAgo === null ? null : { secondsAgo: reconciledAgo, ok: row.reconciledOk === true },
  };
}
