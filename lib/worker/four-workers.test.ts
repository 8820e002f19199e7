import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { databaseNow } from "@/lib/db";
import { countStates } from "@/lib/deliveries/sending.fixture";
import { scheduleIssue } from "@/lib/issues/schedule";
import { askForJobsAt, askForNoMoreJobs } from "@/lib/jobs";
import { enqueueNotice } from "@/lib/mail/notices";
import { startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { createIssue, createMembership, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { CONNECTIONS, createWorkerPlace, PATIENCE, type WorkerPlace } from "./process.fixture";

/** Four processes on one database and one mail server; the clocks of two are an hour off. */

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
const READERS = 150;

let place: WorkerPlace;
let server: TestServer;
let workers: ChildProcess[];
let slowMs = 0;

beforeAll(async () => {
  const { db, url } = database;
  server = await startTestServer({ fault: () => (slowMs > 0 ? { at: "slow", ms: slowMs } : null) });
  place = createWorkerPlace(process.env);
  await createPublication(db);
  await Promise.all(Array.from({ length: READERS }, () => createSubscriber(db)));
  askForJobsAt(url);
  workers = [HOUR_MS, -HOUR_MS, 0, 0].map((clockOffMs) =>
    place.start({ databaseUrl: url, smtpUrl: server.url, clockOffMs }),
  );
  await vi.waitFor(async () => expect(await db.workerHeartbeat.count()).toBe(4), PATIENCE);
}, 150_000);

afterAll(async () => {
  await askForNoMoreJobs();
  await place.close();
  await server.close();
});

const mailed = (issueId: string) =>
  vi.waitFor(async () => {
    const open = await database.db.delivery.count({
      where: { issueId, state: { in: ["QUEUED", "SENDING", "DEFERRED", "UNCERTAIN"] } },
    });
    const sent = await database.db.delivery.count({ where: { issueId, state: "SENT" } });
    expect([open, sent]).toEqual([0, READERS]);
  }, PATIENCE);
/** As the head of its journal says. */
function incarnationOf(worker: ChildProcess | undefined): string {
  for (const name of readdirSync(place.journalFolder).filter((file) => file.endsWith(".journal"))) {
    const head = JSON.parse(readFileSync(join(place.journalFolder, name), "utf8").split("\n", 1)[0] ?? "");
    if (head.pid === worker?.pid) return head.incarnation;
  }
  throw new Error("The worker has no journal.");
}

const recipients = () => server.taken.map((mail) => mail.to);

test("moments and trials go by the database's clock, and each mail goes out once", async () => {
  const { db } = database;
  const inHalfAnHour = await createIssue(db, { audience: "MEMBERS" });
  const inASecond = await createIssue(db, { audience: "MEMBERS" });
  const now = await databaseNow(db);
  for (const { id } of await db.subscriber.findMany()) {
    const trialEndsAt = new Date(now.getTime() + HOUR_MS / 2);
    await createMembership(db, id, { source: "STRIPE", status: "TRIALING", trialEndsAt });
  }
  const soon = new Date(now.getTime() + 1_000);
  await scheduleIssue(db, { issueId: inHalfAnHour.id, when: new Date(now.getTime() + HOUR_MS / 2) }, { now });
  await scheduleIssue(db, { issueId: inASecond.id, when: soon }, { now });
  for (let number = 0; number < 20; number += 1) {
    await enqueueNotice(db, {
      kind: "already-subscribed",
      to: { subscriberId: null, email: `notice-${number}@example.com` },
      dedupeKey: `notice-${number}`,
      data: {},
    });
  }
  await mailed(inASecond.id);
  await vi.waitFor(
    async () => expect(await db.notice.count({ where: { state: "SENT" } })).toBe(20),
    PATIENCE,
  );
  const issue = await db.issue.findUniqueOrThrow({ where: { id: inASecond.id } });
  expect(issue).toMatchObject({ state: "PUBLISHED", audienceCount: READERS });
  const late = (issue.publishedAt?.getTime() ?? 0) - soon.getTime();
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(60_000);
  expect(recipients()).toHaveLength(READERS + 20);
  expect(new Set(recipients()).size).toBe(READERS + 20);
  const takers = await db.delivery.groupBy({ by: ["claimedBy"], where: { issueId: inASecond.id } });
  const variants = await db.delivery.groupBy({ by: ["variant"], where: { issueId: inASecond.id } });
  expect(variants.map(({ variant }) => variant)).toEqual(["WHOLE"]);
  expect(takers.length).toBeGreaterThan(1);
  expect(await db.issue.findUnique({ where: { id: inHalfAnHour.id } })).toMatchObject({ state: "SCHEDULED" });
}, 150_000);

test("a worker that was stopped past its leases and woken changes nothing that others did", async () => {
  const { db } = database;
  slowMs = 60;
  server.taken.length = 0;
  const issue = await createIssue(db, { audience: "MEMBERS" });
  await scheduleIssue(db, { issueId: issue.id, when: "now" }, { now: await databaseNow(db) });
  await vi.waitFor(() => expect(server.taken.length).toBeGreaterThan(20), PATIENCE);
  const stopped = workers[2];
  stopped?.kill("SIGSTOP");
  await db.$executeRaw`
    UPDATE "Delivery" SET "leaseUntil" = '-infinity' WHERE state = 'SENDING' AND "claimedBy" = ${incarnationOf(stopped)}`;
  await vi.waitFor(async () => {
    const { SENDING = 0, QUEUED = 0 } = await countStates(db);
    expect(SENDING + QUEUED).toBe(0);
  }, PATIENCE);
  const attempts = () =>
    db.delivery.findMany({
      where: { issueId: issue.id, state: "SENT" },
      select: { id: true, attempt: true, claimedBy: true, sentAt: true },
      orderBy: { id: "asc" },
    });
  const before = await attempts();
  stopped?.kill("SIGCONT");
  await mailed(issue.id);
  const after = new Map((await attempts()).map((row) => [row.id, row]));
  expect(before.map((row) => after.get(row.id))).toEqual(before);
  expect(new Set(recipients()).size).toBe(READERS);
  expect(server.taken.length - READERS).toBeLessThanOrEqual(CONNECTIONS);
  slowMs = 0;
}, 150_000);

test("without its queue work is found by looking, and the queue comes back", async () => {
  const { db } = database;
  await db.$executeRawUnsafe("DROP SCHEMA pgboss CASCADE");
  const issue = await createIssue(db, { state: "SCHEDULED", scheduledFor: new Date(Date.now() - 1_000) });
  await mailed(issue.id);
  await vi.waitFor(async () => {
    const rows = await db.$queryRaw<{ name: string }[]>`SELECT name FROM pgboss.queue WHERE name = 'notices'`;
    expect(rows).toHaveLength(1);
  }, PATIENCE);
  expect(workers.map((worker) => worker.exitCode)).toEqual([null, null, null, null]);
}, 150_000);
