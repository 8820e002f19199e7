import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { NOW, prepareIssue } from "@/lib/deliveries/sending.fixture";
import { useTestDatabase } from "@/prisma/test-database";
import { readHealthFacts } from "./facts";

const database = useTestDatabase({ emptyEachTime: true });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const read = (now = () => new Date(), mediaFolder = tmpdir()) =>
  readHealthFacts(database.db, { mediaFolder, now });

test("an installation in which nothing happened has sizes, a clock and a disk, and nothing else to tell", async () => {
  const facts = await read();
  expect(facts).toMatchObject({ lastTaken: null, refusesNow: null, failedJobs: [] });
  expect(facts.databaseBytes).toBeGreaterThan(1_000_000);
  expect(facts.ledger.bytes).toBeGreaterThan(0);
  expect(facts).toMatchObject({ ledger: { rows: 0 }, pastLedger: { rows: 0 } });
  expect(facts.pastLedger.bytes).toBeGreaterThan(0);
  expect(facts.freeBytes).toBeGreaterThan(0);
  expect(facts.postgres).toMatch(/^\d+/);
  expect(Math.abs(facts.clockAheadMs)).toBeLessThan(5_000);
});

test("a clock an hour ahead is seen, and a folder that is nowhere has no disk", async () => {
  const facts = await read(() => new Date(Date.now() + 3_600_000), "/nowhere/at/all");
  expect(facts.clockAheadMs).toBeGreaterThan(3_500_000);
  expect(facts.freeBytes).toBeNull();
});

test("the last yes is the newest of issues and notices", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 2 });
  const [first] = await db.delivery.findMany();
  await db.delivery.update({
    where: { id: first?.id ?? 0n },
    data: { state: "SENT", reply: "250 issue", sentAt: ago(60), nextAttemptAt: ago(60) },
  });
  expect((await read()).lastTaken).toMatchObject({ reply: "250 issue" });
  await db.notice.create({ data: notice({ state: "SENT", reply: "250 notice", sentAt: ago(20) }) });
  const { lastTaken } = await read();
  expect(lastTaken?.reply).toBe("250 notice");
  expect(lastTaken?.secondsAgo).toBeGreaterThan(19);
  expect(lastTaken?.secondsAgo).toBeLessThan(60);
});

test("an issue is open while a reader of it is, and says what its readers wait for", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 2 });
  const [first, second] = await db.delivery.findMany();
  const set = (id: bigint | undefined, state: "SENT" | "UNCERTAIN" | "DEFERRED") =>
    db.delivery.update({ where: { id: id ?? 0n }, data: { state } });
  const open = {
    id: issue.id,
    title: issue.title,
    paused: false,
    waiting: false,
    deferred: false,
    uncertain: false,
  };
  expect((await read()).openIssues).toEqual([{ ...open, waiting: true }]);
  await set(first?.id, "DEFERRED");
  await set(second?.id, "UNCERTAIN");
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: NOW } });
  expect((await read()).openIssues).toEqual([{ ...open, paused: true, deferred: true, uncertain: true }]);
  await set(first?.id, "SENT");
  expect((await read()).openIssues).toEqual([{ ...open, uncertain: true }]);
  await set(second?.id, "SENT");
  expect((await read()).openIssues).toEqual([]);
});

test("what is held up says why, unless the author paused it", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 40 });
  expect((await read()).refusesNow).toBeNull();
  const [first] = await db.delivery.findMany();
  await db.delivery.update({
    where: { id: first?.id ?? 0n },
    data: { reply: "535 wrong password", nextAttemptAt: ago(-10), attempt: 1 },
  });
  expect((await read()).refusesNow).toBe("535 wrong password");
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: NOW } });
  expect((await read()).refusesNow).toBeNull();
  await db.notice.create({ data: notice({ state: "QUEUED", reply: "nobody answers" }) });
  expect((await read()).refusesNow).toBe("nobody answers");
});

test("an old answer to one notice holds nothing up once other mail was taken, and is told for itself", async () => {
  const { db } = database;
  const old = { state: "QUEUED", reply: "550 5.7.1 not you", createdAt: ago(400) } as const;
  await db.notice.create({ data: { ...notice(old), nextAttemptAt: ago(-600) } });
  const tried = { count: 1, reply: "550 5.7.1 not you" };
  expect(await read()).toMatchObject({ refusesNow: "550 5.7.1 not you", triedNotices: tried });
  await prepareIssue(db, { readers: 2 });
  const [first, second] = await db.delivery.findMany();
  await db.delivery.update({
    where: { id: first?.id ?? 0n },
    data: { state: "SENT", reply: "250 ok", sentAt: ago(20), nextAttemptAt: ago(20) },
  });
  expect(await read()).toMatchObject({ refusesNow: null, triedNotices: tried });
  const answer = (data: object) => db.delivery.update({ where: { id: second?.id ?? 0n }, data });
  await answer({ reply: "421 before that", nextAttemptAt: ago(15), attempt: 1 });
  expect((await read()).refusesNow).toBeNull();
  await answer({ reply: "421 after that", nextAttemptAt: ago(5) });
  expect((await read()).refusesNow).toBe("421 after that");
  await answer({ smtpCode: 421 });
  expect((await read()).refusesNow).toBeNull();
});

test("rows of the ledger are counted until Postgres has counted them itself", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 7 });
  expect((await read()).ledger.rows).toBe(7);
  await db.$executeRaw`ANALYZE "Delivery"`;
  await db.delivery.deleteMany({ where: { state: "QUEUED" } });
  expect((await read()).ledger.rows).toBe(7);
});

test("a mail server that no living worker can reach holds up what is due, and only that", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 2 });
  const beat = (id: string, seenAt: Date, mailTrouble: string | null) =>
    db.workerHeartbeat.create({
      data: { id, startedAt: NOW, seenAt, mailTrouble, mailTroubleAt: mailTrouble && seenAt },
    });
  await beat("gone", ago(300), "ECONNREFUSED once");
  expect((await read()).refusesNow).toBeNull();
  await beat("alive", ago(2), "ECONNREFUSED now");
  expect((await read()).refusesNow).toBe("ECONNREFUSED now");
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: NOW } });
  expect((await read()).refusesNow).toBeNull();
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: null } });
  await db.delivery.updateMany({ data: { nextAttemptAt: ago(-600) } });
  expect((await read()).refusesNow).toBeNull();
  await db.delivery.updateMany({ data: { nextAttemptAt: ago(10) } });
  expect((await read()).refusesNow).toBe("ECONNREFUSED now");
  await beat("well", ago(1), null);
  expect((await read()).refusesNow).toBeNull();
});

test("jobs that failed within the hour are counted by name, with the last reason and no address", async () => {
  const { db } = database;
  const fail = (name: string, secondsAgo: number, message: string) => db.$executeRaw`
    INSERT INTO pgboss.job (name, state, completed_on, output)
    VALUES (${name}, 'failed', now() - make_interval(secs => ${secondsAgo}), jsonb_build_object('message', ${message}::text))`;
  await fail("publish", 300, "earlier");
  await fail("publish", 30, "nobody@example.com is not there");
  await fail("prune", 4_000, "too long ago");
  expect((await read()).failedJobs).toEqual([
    { name: "publish", count: 2, secondsAgo: expect.any(Number), error: "[address] is not there" },
  ]);
});

test("without the queue's tables nobody knows of failed jobs", async () => {
  await database.db.$executeRawUnsafe("DROP SCHEMA pgboss CASCADE");
  expect((await read()).failedJobs).toBeNull();
});

function notice(some: { state: "SENT" | "QUEUED"; reply: string; sentAt?: Date; createdAt?: Date }) {
  return {
    kind: "welcome",
    dedupeKey: some.reply,
    email: "reader@example.com",
    data: {},
    messageId: `<${some.reply}@masthead.test>`,
    ...some,
  };
}
