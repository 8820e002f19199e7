/**
 * The queue of jobs, kept by pg-boss in the schema `pgboss` of the same database. A job wakes a worker; what is to be done
 * stands in our own tables (Issue, Notice, StripeEvent), where workers also look by themselves every few seconds. So a
 * lost job, or a lost queue, delays work and never loses it.
 */
import { fromPrisma, PgBoss } from "pg-boss";
import type { Database, Transaction } from "./db";
import { log } from "./log";

export const JOB_SCHEMA = "pgboss";

export type JobData = {
  publish: { issueId: string };
  prepare: { issueId: string };
  send: { issueId: string };
  notices: Record<string, never>;
  "stripe-event": { eventId: string };
  reconcile: Record<string, never>;
  "gift-ends": Record<string, never>;
  slot: Record<string, never>;
  prune: Record<string, never>;
  compact: Record<string, never>;
};
export type JobName = keyof JobData;
export const JOB_NAMES: readonly JobName[] = [
  "publish",
  "prepare",
  "send",
  "notices",
  "stripe-event",
  "reconcile",
  "gift-ends",
  "slot",
  "prune",
  "compact",
];

/** Tried once: whoever looks by itself tries again, and a row that fails stays visible where it stands. */
const QUEUE = { notify: true, retryLimit: 0, expireInSeconds: 900, deleteAfterSeconds: 3_600 };
const START_LIMIT_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 30_000;

/**
 * Makes or upgrades pg-boss's own schema and our queues in it. Safe to run again and by several processes at once. Needs
 * the right to create a schema; whoever only asks for jobs or does them does not.
 */
export async function ensureJobSchema(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, schema: JOB_SCHEMA, max: 1, ...NOTHING_BY_ITSELF });
  const troubles: unknown[] = [];
  boss.on("error", (error) => troubles.push(error));
  try {
    await boss.start();
    const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
    for (const name of JOB_NAMES) {
      if (!known.has(name)) await boss.createQueue(name, QUEUE);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  if (troubles.length > 0) throw troubles[0];
}

const NOTHING_BY_ITSELF = {
  supervise: false,
  schedule: false,
  registerInstance: false,
  openTelemetry: { enabled: false },
} as const;

type Sender = { boss: Promise<PgBoss | null>; failedAt: number | null };
type Desk = { url: string; sender: Sender | null };
const process_ = globalThis as typeof globalThis & { mastheadJobs?: Desk };

/** From now on this process asks for jobs in the database at `url`. Nothing happens before the first one. */
export function askForJobsAt(url: string): void {
  process_.mastheadJobs = { url, sender: null };
}

/** The other way round, before the process ends. */
export async function askForNoMoreJobs(): Promise<void> {
  const boss = await process_.mastheadJobs?.sender?.boss;
  delete process_.mastheadJobs;
  await boss?.stop({ graceful: false });
}

/**
 * Asks for a job as part of `tx`: it is there when `tx` commits, and only then. Never throws and never spoils `tx`: without
 * a queue, or in a process that named no database, the work is found a few seconds later.
 */
export async function askForJob<Name extends JobName>(
  tx: Database | Transaction,
  name: Name,
  data: JobData[Name],
  options: { notBefore?: Date } = {},
): Promise<void> {
  const boss = await sender();
  if (!boss) return;
  try {
    await tx.$transaction((inner) =>
      boss.send(name, data, {
        db: fromPrisma(inner),
        ...(options.notBefore && { startAfter: options.notBefore }),
      }),
    );
  } catch (error) {
    log.warn({ event: "jobs.not-asked", job: name, error }, "the work is found by looking");
  }
}

async function sender(): Promise<PgBoss | null> {
  const desk = process_.mastheadJobs;
  if (!desk) return null;
  const failedAt = desk.sender?.failedAt ?? null;
  if (!desk.sender || (failedAt !== null && performance.now() - failedAt > PAUSE_AFTER_FAILURE_MS)) {
    const fresh: Sender = { boss: startSender(desk.url), failedAt: null };
    desk.sender = fresh;
    void fresh.boss.then((boss) => {
      if (!boss) fresh.failedAt = performance.now();
    });
  }
  return desk.sender.boss;
}

/** Null where there is no queue. Only reads which queues there are: it neither makes the schema nor looks after it. */
async function startSender(url: string): Promise<PgBoss | null> {
  const boss = new PgBoss({
    connectionString: url,
    max: 1,
    schema: JOB_SCHEMA,
    migrate: false,
    createSchema: false,
    queueCacheIntervalSeconds: 3_600,
    clock: RELUCTANT_CLOCK,
    ...NOTHING_BY_ITSELF,
  });
  boss.on("error", (error) => log.warn({ event: "jobs.trouble", error }));
  const limit = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("The job queue does not answer.")), START_LIMIT_MS).unref();
  });
  try {
    await Promise.race([boss.start(), limit]);
    return boss;
  } catch (error) {
    log.warn({ event: "jobs.no-queue", error }, "run `npm run migrate`; meanwhile work is found by looking");
    void boss.stop({ graceful: false }).catch(() => undefined);
    return null;
  }
}

/** The system's clock with timers that keep no process alive. */
const RELUCTANT_CLOCK = {
  now: () => Date.now(),
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
  clearInterval: (timer: unknown) => clearInterval(timer as NodeJS.Timeout),
};
