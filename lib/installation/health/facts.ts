/** What the health page tells beside the vitals: answers, sizes, clocks, jobs. Reads only; cheap enough for every few seconds. */
import { statfs } from "node:fs/promises";
import type { Database } from "@/lib/db";
import { DATABASE_NOW } from "@/lib/deliveries/clock";
import { findMailTrouble } from "@/lib/deliveries/mail-trouble";
import { BREATH } from "@/lib/deliveries/outcome";
import { JOB_SCHEMA } from "@/lib/jobs";
import { maskPersonalText } from "@/lib/log";
import { type Answer, refusalSince } from "./refusal";

export type FailedJob = { name: string; count: number; secondsAgo: number; error: string | null };

/** `rows` is null where nobody counted them yet and there are many. */
export type Weight = { bytes: number; rows: number | null };

/** An issue with readers that are not settled, and what its readers wait for. */
export type OpenIssue = {
  id: string;
  title: string;
  paused: boolean;
  waiting: boolean;
  deferred: boolean;
  uncertain: boolean;
};

export type HealthFacts = {
  /** Newest first, some at most. */
  openIssues: OpenIssue[];
  /** Of the last hour; null where the queue's own tables are not there. */
  failedJobs: FailedJob[] | null;
  /** The mail server's last yes, to an issue or a notice. */
  lastTaken: { secondsAgo: number; reply: string | null } | null;
  /** What it says to mail that is due and goes nowhere; null where nothing is held up. */
  refusesNow: string | null;
  /** Notices that wait though they were tried, and what was said to the oldest of them. */
  triedNotices: { count: number; reply: string | null };
  /** How far this host's clock is before the database's. */
  clockAheadMs: number;
  postgres: string;
  databaseBytes: number;
  /** The ledger with its indexes, and about how many rows it has. */
  ledger: Weight;
  /** The same of what was compacted. */
  pastLedger: Weight;
  /** Free on the disk of the pictures' folder; null where that cannot be asked. */
  freeBytes: number | null;
};

export async function readHealthFacts(
  db: Database,
  { mediaFolder, now }: { mediaFolder: string; now: () => Date },
): Promise<HealthFacts> {
  const [openIssues, failedJobs, taken, trouble, answers, triedNotices, clock, sizes, freeBytes] =
    await Promise.all([
      listOpenIssues(db),
      listFailedJobs(db),
      findLastTaken(db),
      findTrouble(db),
      listAnswers(db),
      readTriedNotices(db),
      measureClock(db, now),
      measureSizes(db),
      readFreeBytes(mediaFolder),
    ]);
  const lastTaken = taken && { secondsAgo: taken.secondsAgo, reply: taken.reply };
  const refusesNow = trouble ?? refusalSince(taken?.at ?? null, answers);
  return { openIssues, failedJobs, lastTaken, refusesNow, triedNotices, freeBytes, ...clock, ...sizes };
}

/** The database's clock is believed to have been read in the middle of the question. */
export async function measureClock(
  db: Database,
  now: () => Date,
): Promise<{ clockAheadMs: number; postgres: string }> {
  // The first question also connects, which takes its time.
  await db.$queryRaw`SELECT 1`;
  const before = now().getTime();
  const [answer] = await db.$queryRaw<
    { now: Date; version: string }[]
  >`SELECT clock_timestamp() AS now, current_setting('server_version') AS version`;
  const after = now().getTime();
  if (!answer) throw new Error("The database does not tell its time.");
  return { clockAheadMs: (before + after) / 2 - answer.now.getTime(), postgres: answer.version };
}

const OPEN_ISSUES = 20;

async function listOpenIssues(db: Database): Promise<OpenIssue[]> {
  return db.$queryRaw<OpenIssue[]>`
    SELECT id, title, "sendingPausedAt" IS NOT NULL AND (waiting OR deferred) AS paused, waiting, deferred, uncertain
    FROM "Issue" i, LATERAL (SELECT
      EXISTS (SELECT 1 FROM "Delivery" WHERE "issueId" = i.id AND state IN ('QUEUED', 'SENDING')) AS waiting,
      EXISTS (SELECT 1 FROM "Delivery" WHERE "issueId" = i.id AND state = 'DEFERRED') AS deferred,
      EXISTS (SELECT 1 FROM "Delivery" WHERE "issueId" = i.id AND state = 'UNCERTAIN') AS uncertain) AS open
    WHERE "audienceFrozenAt" IS NOT NULL AND (waiting OR deferred OR uncertain)
    ORDER BY "audienceFrozenAt" DESC LIMIT ${OPEN_ISSUES}`;
}

async function listFailedJobs(db: Database): Promise<FailedJob[] | null> {
  const [queue] = await db.$queryRaw<{ there: boolean }[]>`
    SELECT to_regclass(${`${JOB_SCHEMA}.job`}) IS NOT NULL AS there`;
  if (!queue?.there) return null;
  const jobs = await db.$queryRawUnsafe<FailedJob[]>(`
    SELECT name, count(*)::int AS count, min(EXTRACT(EPOCH FROM now() - completed_on))::float8 AS "secondsAgo",
      (array_agg(output->>'message' ORDER BY completed_on DESC))[1] AS error
    FROM ${JOB_SCHEMA}.job WHERE state = 'failed' AND completed_on > now() - interval '1 hour'
    GROUP BY name ORDER BY "secondsAgo"`);
  return jobs.map((job) => ({ ...job, error: job.error && maskPersonalText(job.error).slice(0, 200) }));
}

type Taken = { secondsAgo: number; at: Date; reply: string | null };

async function findLastTaken(db: Database): Promise<Taken | null> {
  const [taken] = await db.$queryRaw<Taken[]>`
    WITH latest AS (
      SELECT id FROM "Issue" WHERE "audienceFrozenAt" IS NOT NULL ORDER BY "audienceFrozenAt" DESC LIMIT 5
    ), answers AS (
      SELECT d.reply, d.at FROM latest, LATERAL (
        SELECT reply, "sentAt" AS at FROM "Delivery" WHERE "issueId" = latest.id AND state = 'SENT'
        ORDER BY "nextAttemptAt" DESC LIMIT 1) AS d
      UNION ALL
      (SELECT reply, "sentAt" FROM "Notice" WHERE state = 'SENT' ORDER BY "nextAttemptAt" DESC LIMIT 1)
    )
    SELECT EXTRACT(EPOCH FROM (clock_timestamp() AT TIME ZONE 'UTC') - at)::float8 AS "secondsAgo", at, reply
    FROM answers WHERE at IS NOT NULL ORDER BY at DESC LIMIT 1`;
  return taken ?? null;
}

/** Before any mail is tried the server is looked at: then no row has an answer. */
async function findTrouble(db: Database): Promise<string | null> {
  const [trouble, isDue] = await Promise.all([findMailTrouble(db), isMailDue(db)]);
  return isDue ? trouble : null;
}

async function isMailDue(db: Database): Promise<boolean> {
  const [due] = await db.$queryRaw<{ is: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM "Issue" i WHERE "audienceFrozenAt" IS NOT NULL AND "sendingPausedAt" IS NULL AND EXISTS (
        SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id AND d.state IN ('QUEUED', 'DEFERRED')
          AND d."nextAttemptAt" <= ${DATABASE_NOW})) AS is`;
  return due?.is === true;
}

/**
 * What was said to mail that waits because of it. A delivery that was put back is the last in the queue; one with a code was
 * answered for itself, and waits for its turn. Of a notice only its beginning is known: any answer came later.
 */
async function listAnswers(db: Database): Promise<Answer[]> {
  return db.$queryRaw<Answer[]>`
    WITH latest AS (
      SELECT id FROM "Issue" WHERE "audienceFrozenAt" IS NOT NULL AND "sendingPausedAt" IS NULL
      ORDER BY "audienceFrozenAt" DESC LIMIT 5
    ), back AS (
      SELECT d.reply, d.at FROM latest, LATERAL (
        SELECT reply, "smtpCode", "nextAttemptAt" - make_interval(secs => ${BREATH}) AS at
        FROM "Delivery" WHERE "issueId" = latest.id AND state = 'QUEUED'
        ORDER BY "nextAttemptAt" DESC LIMIT 20) AS d
      WHERE d."smtpCode" IS NULL
      UNION ALL
      (SELECT reply, "createdAt" FROM "Notice" WHERE state = 'QUEUED' AND reply IS NOT NULL
        ORDER BY "createdAt" DESC LIMIT 1)
    )
    SELECT reply, at FROM back WHERE reply IS NOT NULL`;
}

async function readTriedNotices(db: Database): Promise<HealthFacts["triedNotices"]> {
  const [tried] = await db.$queryRaw<HealthFacts["triedNotices"][]>`
    SELECT count(*)::int AS count, (array_agg(reply ORDER BY "createdAt"))[1] AS reply
    FROM "Notice" WHERE state IN ('QUEUED', 'SENDING') AND reply IS NOT NULL`;
  return tried ?? { count: 0, reply: null };
}

/** Counting further than this takes longer than the number is worth. */
const COUNTED_ROWS = 50_000;

/** Rows as Postgres last counted them; before it ever did, they are counted here. */
async function measureSizes(
  db: Database,
): Promise<Pick<HealthFacts, "databaseBytes" | "ledger" | "pastLedger">> {
  const [row] = await db.$queryRaw<{ database: number }[]>`
    SELECT pg_database_size(current_database())::float8 AS database`;
  const weights = await db.$queryRaw<{ name: string; bytes: number; estimate: number }[]>`
    SELECT relname::text AS name, pg_total_relation_size(oid)::float8 AS bytes, reltuples::float8 AS estimate
    FROM pg_class WHERE oid IN ('"Delivery"'::regclass, '"PastDelivery"'::regclass)`;
  const weigh = async (name: "Delivery" | "PastDelivery"): Promise<Weight> => {
    const { bytes = 0, estimate = 0 } = weights.find((weight) => weight.name === name) ?? {};
    return { bytes, rows: estimate > 0 ? estimate : await countFew(db, name) };
  };
  if (!row) throw new Error("The database does not tell its size.");
  const [ledger, pastLedger] = await Promise.all([weigh("Delivery"), weigh("PastDelivery")]);
  return { databaseBytes: row.database, ledger, pastLedger };
}

async function countFew(db: Database, table: "Delivery" | "PastDelivery"): Promise<number | null> {
  const [counted] = await db.$queryRawUnsafe<{ rows: number }[]>(
    `SELECT count(*)::int AS rows FROM (SELECT 1 FROM "${table}" LIMIT ${COUNTED_ROWS + 1}) AS few`,
  );
  return counted && counted.rows <= COUNTED_ROWS ? counted.rows : null;
}

/** The folder may not exist yet, and not every file system tells. */
async function readFreeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
