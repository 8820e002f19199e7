import type { ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDatabase, type Database } from "@/lib/db";
import { startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import { applyMigrations } from "@/prisma/migrate";
import { type RunningPostgres, startPostgres } from "@/sandbox/postgres/server";
import { freePort } from "@/sandbox/process/ports";
import { makeScratchFolder } from "@/sandbox/process/scratch";
import { createWorkerPlace, PATIENCE, type WorkerPlace } from "./process.fixture";

/** A Postgres of its own, which is stopped and started under two workers. */

const READERS = 60;
const AWAY_MS = 4_000;
const BACK = { timeout: 60_000, interval: 50 };

let folder: string;
let port: number;
let postgres: RunningPostgres | null = null;
let place: WorkerPlace;
let server: TestServer;
let workers: ChildProcess[] = [];

const start = async () => {
  postgres = await startPostgres({ folder: join(folder, "postgres"), port });
  return postgres.url;
};
const stop = async () => {
  await postgres?.stop();
  postgres = null;
};

beforeAll(async () => {
  folder = await makeScratchFolder();
  port = await freePort();
  place = createWorkerPlace(process.env);
  server = await startTestServer({ fault: () => ({ at: "slow", ms: 60 }) });
}, 60_000);

afterAll(async () => {
  await place.close();
  await stop();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createDatabase(url, { connections: 2 });
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

/** Within a minute. */
const mailed = (url: string, count: number) =>
  withDatabase(url, (db) =>
    vi.waitFor(async () => expect(await db.delivery.count({ where: { state: "SENT" } })).toBe(count), BACK),
  );
const schedule = (url: string) =>
  withDatabase(url, (db) =>
    createIssue(db, { audience: "MEMBERS", state: "SCHEDULED", scheduledFor: new Date(Date.now() - 1_000) }),
  );

test("workers that start without a database wait for it, and those that lose it go on within a minute", async () => {
  const url = await start();
  await applyMigrations(url);
  await withDatabase(url, async (db) => {
    await createPublication(db);
    await Promise.all(Array.from({ length: READERS }, () => createSubscriber(db)));
  });
  await schedule(url);
  await stop();

  workers = [1, 2].map(() => place.start({ databaseUrl: url, smtpUrl: server.url }));
  await sleep(AWAY_MS);
  await start();
  await mailed(url, READERS);

  await schedule(url);
  await vi.waitFor(() => expect(server.taken.length).toBeGreaterThan(READERS + 10), PATIENCE);
  await stop();
  await sleep(AWAY_MS);
  await start();
  await mailed(url, 2 * READERS);

  expect(workers.map((worker) => worker.exitCode)).toEqual([null, null]);
  expect(server.taken).toHaveLength(2 * READERS);
}, 240_000);
