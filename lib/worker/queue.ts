/**
 * The part of a worker that the job queue drives: it is woken by jobs within milliseconds (LISTEN), and by the queue's own
 * timetable, which runs once over all workers. A queue that is away, or whose schema was dropped, is waited for and made
 * anew; meanwhile the worker finds its work by looking.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PgBoss } from "pg-boss";
import type { Database } from "@/lib/db";
import { ensureJobSchema, JOB_SCHEMA, type JobData, type JobName } from "@/lib/jobs";
import { log } from "@/lib/log";
import { runLoop } from "./loop";
import {
  compact,
  followEvent,
  lookAtSlot,
  prepareWaiting,
  prune,
  publishDue,
  reconcile,
  remindOfGifts,
  sendNotices,
  type WorkerServices,
} from "./work";

const CONNECTIONS = 3;
const LOOK_FOR_SCHEMA_MS = 5_000;
const STOP_LIMIT_MS = 8_000;
const QUIET_MS = 10_000;

/** Between two looks of a worker at one queue. LISTEN wakes it at once; a moment that comes by itself is only seen so. */
const POLL_SECONDS: Record<JobName, number> = {
  publish: 1,
  prepare: 5,
  send: 5,
  notices: 5,
  "stripe-event": 5,
  reconcile: 15,
  "gift-ends": 15,
  slot: 15,
  prune: 15,
  compact: 15,
};

/** Minute, hour, day, month, weekday, in UTC. */
const TIMETABLE = [
  ["reconcile", "17 * * * *"],
  ["slot", "*/5 * * * *"],
  ["gift-ends", "*/10 * * * *"],
  ["prune", "41 * * * *"],
  ["compact", "53 * * * *"],
] as const satisfies readonly (readonly [JobName, string])[];

type Handlers = { [Name in JobName]: (services: WorkerServices, jobs: JobData[Name][]) => Promise<void> };

const HANDLERS: Handlers = {
  publish: async (services) => {
    await publishDue(services);
    await prepareWaiting(services);
  },
  prepare: prepareWaiting,
  send: async ({ bell }) => bell.ring(),
  notices: sendNotices,
  "stripe-event": async (services, jobs) => {
    for (const { eventId } of jobs) await followEvent(services, eventId);
  },
  reconcile,
  "gift-ends": remindOfGifts,
  slot: lookAtSlot,
  prune,
  compact,
};

/** Resolves after `signal`, when the jobs in hand are done. Never throws. */
export async function runQueue(services: WorkerServices): Promise<void> {
  await runLoop(
    "queue",
    async () => {
      await serve(services);
      return "idle";
    },
    { pauseMs: 500, signal: services.signal },
  );
}

async function serve(services: WorkerServices): Promise<void> {
  const { db, databaseUrl, signal } = services;
  if (!(await isThere(db))) await ensureJobSchema(databaseUrl);
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: JOB_SCHEMA,
    max: CONNECTIONS,
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    registerInstance: false,
    persistWarnings: false,
    openTelemetry: { enabled: false },
  });
  listen(boss);
  try {
    await boss.start();
    await takeJobs(boss, services);
    for (const [name, cron] of TIMETABLE) await boss.schedule(name, cron);
    while (!signal.aborted) {
      await sleep(LOOK_FOR_SCHEMA_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && !(await isThere(db))) throw new Error("The job queue is gone.");
    }
  } finally {
    await boss.stop({ timeout: STOP_LIMIT_MS });
  }
}

async function takeJobs(boss: PgBoss, services: WorkerServices): Promise<void> {
  const take = <Name extends JobName>(name: Name) =>
    boss.work<JobData[Name]>(
      name,
      {
        batchSize: name === "stripe-event" ? 1 : 50,
        pollingIntervalSeconds: POLL_SECONDS[name],
        notifyPollingIntervalSeconds: POLL_SECONDS[name],
      },
      async (jobs) => {
        try {
          await HANDLERS[name](
            services,
            jobs.map((job) => job.data),
          );
        } catch (error) {
          log.error({ event: "worker.job-failed", job: name, error }, "it is tried again by looking");
          throw error;
        }
      },
    );
  for (const name of Object.keys(HANDLERS) as JobName[]) await take(name);
}

/** A database that is away makes every queue complain with every look; one line in a while says it. */
function listen(boss: PgBoss): void {
  let said = Number.NEGATIVE_INFINITY;
  boss.on("error", (error) => {
    if (performance.now() - said < QUIET_MS) return;
    said = performance.now();
    log.warn({ event: "worker.queue-trouble", error }, "meanwhile work is found by looking");
  });
  boss.on("warning", ({ message }) => log.warn({ event: "worker.queue-warning", message }));
}

async function isThere(db: Database): Promise<boolean> {
  const [row] = await db.$queryRaw<{ found: boolean }[]>`
    SELECT to_regclass(${`${JOB_SCHEMA}.queue`}) IS NOT NULL AS found`;
  return row?.found === true;
}
