import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countStates } from "@/lib/deliveries/sending.fixture";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Fault, startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";

/** The real process against a real database and a mail server that watches from outside. */

const database = useTestDatabase({ emptyEachTime: true });
const CONNECTIONS = 5;
const PATIENCE = { timeout: 60_000, interval: 20 };

let folder: string;
let server: TestServer;
const workers = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "masthead-worker-"));
});
afterEach(async () => {
  for (const worker of workers) await end(worker, "SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ["--import", "tsx", "lib/worker/main.ts"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      SMTP_URL: server.url,
      SMTP_CONNECTIONS: String(CONNECTIONS),
      STRIPE_API_BASE: "http://127.0.0.1:1",
      MEDIA_FOLDER: join(folder, "media"),
      JOURNAL_FOLDER: join(folder, "journal"),
      LOG_LEVEL: "silent",
    },
  });
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
  return worker;
}

async function end(worker: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
  const exit = once(worker, "exit");
  worker.kill(signal);
  const [code] = await exit;
  return typeof code === "number" ? code : null;
}

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

test("killed three times in the middle, it mails everybody once; what nobody can know is listed", async () => {
  await scheduleFor(300, () => ({ at: "slow", ms: 10 }));
  for (const count of [60, 140, 220]) {
    const worker = startWorker();
    await takenAtLeast(count);
    await end(worker, "SIGKILL");
  }
  startWorker();
  await nothingOpen();
  const { SENT = 0, UNCERTAIN = 0, ...others } = await countStates(database.db);
  expect(others).toEqual({});
  expect(SENT + UNCERTAIN).toBe(300);
  expect(UNCERTAIN).toBeLessThanOrEqual(3 * CONNECTIONS);
  const taken = server.taken.map((mail) => mail.to);
  expect(new Set(taken).size).toBe(taken.length);
  const sent = await database.db.delivery.findMany({
    where: { state: "SENT" },
    select: { subscriber: { select: { email: true } } },
  });
  expect(sent.filter((row) => !taken.includes(row.subscriber?.email ?? ""))).toEqual([]);
}, 120_000);

test("asked to stop, it finishes what is on its way and leaves nothing open to doubt", async () => {
  await scheduleFor(120, () => ({ at: "slow", ms: 100 }));
  const worker = startWorker();
  await takenAtLeast(20);
  const began = Date.now();
  expect(await end(worker, "SIGTERM")).toBe(0);
  expect(Date.now() - began).toBeLessThan(12_000);
  const states = await countStates(database.db);
  expect(states).toEqual({ SENT: server.taken.length, QUEUED: 120 - server.taken.length });
  expect(readdirSync(join(folder, "journal"))).toEqual([]);
  expect(await database.db.workerHeartbeat.count()).toBe(0);
  startWorker();
  await nothingOpen();
  expect(server.taken).toHaveLength(120);
}, 90_000);

test("two processes share the work, and each issue is published and mailed once", async () => {
  const issue = await scheduleFor(80, () => null);
  startWorker();
  startWorker();
  await nothingOpen();
  expect(server.taken).toHaveLength(80);
  expect(new Set(server.taken.map((mail) => mail.to)).size).toBe(80);
  const row = await database.db.issue.findUniqueOrThrow({ where: { id: issue.id } });
  expect(row).toMatchObject({ state: "PUBLISHED", audienceCount: 80 });
}, 90_000);

test("a notice does not wait behind an issue", async () => {
  await scheduleFor(60, () => ({ at: "slow", ms: 200 }));
  startWorker();
  await takenAtLeast(5);
  await enqueueNotice(database.db, {
    kind: "already-subscribed",
    to: { subscriberId: null, email: "hurried@example.com" },
    dedupeKey: "hurried",
    data: {},
  });
  const asked = Date.now();
  await vi.waitFor(() => expect(server.asked).toContain("hurried@example.com"), PATIENCE);
  expect(Date.now() - asked).toBeLessThan(1_500);
}, 90_000);

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
}, 90_000);
