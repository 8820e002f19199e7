import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resumeSending } from "@/lib/deliveries/pause";
import { countStates } from "@/lib/deliveries/sending.fixture";
import { askForJobsAt, askForNoMoreJobs } from "@/lib/jobs";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Fault, startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { createWorkerPlace, endWorker, PATIENCE, type WorkerPlace } from "./process.fixture";

/** The real process against a real database and a mail server that watches from outside. Kills: bench/rig/rig.test.ts. */

const database = useTestDatabase({ emptyEachTime: true });

let place: WorkerPlace;
let server: TestServer;

beforeEach(() => {
  place = createWorkerPlace(process.env);
});
afterEach(async () => {
  await place.close();
  await server.close();
});

const startWorker = () => place.start({ databaseUrl: database.url, smtpUrl: server.url });

async function scheduleFor(readers: number, fault: (to: string, time: number) => Fault | null) {
  const { db } = database;
  server = await startTestServer({ fault });
  await createPublication(db);
  await Promise.all(Array.from({ length: readers }, () => createSubscriber(db)));
  return createIssue(db, { state: "SCHEDULED", scheduledFor: new Date(Date.now() - 1_000) });
}
const takenAtLeast = (count: number) =>
  vi.waitFor(() => expect(server.taken.length).toBeGreaterThanOrEqual(count), PATIENCE);
const nothingOpen = () =>
  vi.waitFor(async () => {
    const { SENDING = 0, QUEUED = 0, DEFERRED = 0, SENT = 0 } = await countStates(database.db);
    expect([SENT > 0, SENDING + QUEUED + DEFERRED]).toEqual([true, 0]);
  }, PATIENCE);

test("asked to stop, it finishes what is on its way and leaves nothing open to doubt", async () => {
  await scheduleFor(120, () => ({ at: "slow", ms: 100 }));
  const worker = startWorker();
  await takenAtLeast(20);
  const began = Date.now();
  expect(await endWorker(worker, "SIGTERM")).toBe(0);
  expect(Date.now() - began).toBeLessThan(12_000);
  const states = await countStates(database.db);
  expect(states).toEqual({ SENT: server.taken.length, QUEUED: 120 - server.taken.length });
  expect(readdirSync(place.journalFolder).filter((name) => name.endsWith(".journal"))).toEqual([]);
  expect(await database.db.workerHeartbeat.count()).toBe(0);
  startWorker();
  await nothingOpen();
  expect(server.taken).toHaveLength(120);
}, 150_000);

test("a notice does not wait behind an issue", async () => {
  await scheduleFor(60, () => ({ at: "slow", ms: 200 }));
  startWorker();
  await takenAtLeast(5);
  askForJobsAt(database.url);
  await enqueueNotice(database.db, {
    kind: "already-subscribed",
    to: { subscriberId: null, email: "hurried@example.com" },
    dedupeKey: "hurried",
    data: {},
  });
  const asked = Date.now();
  await askForNoMoreJobs();
  await vi.waitFor(() => expect(server.asked).toContain("hurried@example.com"), PATIENCE);
  expect(Date.now() - asked).toBeLessThan(1_500);
}, 150_000);

test("without its database it stays, and goes on when the connections come back", async () => {
  await scheduleFor(150, () => ({ at: "slow", ms: 15 }));
  const worker = startWorker();
  await takenAtLeast(20);
  for (let time = 0; time < 5; time += 1) {
    await database.db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`.catch(() => []);
    await takenAtLeast(20 + 10 * time);
  }
  await nothingOpen();
  expect(worker.exitCode).toBeNull();
  expect(await countStates(database.db)).toEqual({ SENT: 150 });
  expect(server.taken).toHaveLength(150);
}, 150_000);

test("a restored database sends nothing before the author says so, and then the rest", async () => {
  const issue = await scheduleFor(60, () => null);
  await endWorker(await workedOff(), "SIGTERM");
  await database.db.delivery.updateMany({
    where: { id: { in: (await database.db.delivery.findMany({ take: 30 })).map((row) => row.id) } },
    data: { state: "QUEUED", attempt: 0, claimedBy: null, sentAt: null },
  });
  await database.db.installation.updateMany({ data: { generation: 1 } });
  startWorker();
  await vi.waitFor(async () => {
    const { sendingPausedAt } = await database.db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    expect(sendingPausedAt).not.toBeNull();
    expect(await database.db.workerHeartbeat.count()).toBe(1);
  }, PATIENCE);
  expect(await countStates(database.db)).toEqual({ SENT: 30, QUEUED: 30 });
  expect(server.taken).toHaveLength(60);
  await resumeSending(database.db, issue.id);
  await nothingOpen();
  expect(server.taken).toHaveLength(90);
}, 150_000);

async function workedOff() {
  const worker = startWorker();
  await nothingOpen();
  await vi.waitFor(async () => {
    const mark = await database.db.installation.findUniqueOrThrow({ where: { id: 1 } });
    expect(mark.generation).toBeGreaterThan(1);
  }, PATIENCE);
  return worker;
}
