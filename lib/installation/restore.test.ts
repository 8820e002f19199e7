import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDeliveries } from "@/lib/deliveries/claim";
import { ledgerOf } from "@/lib/deliveries/ledger";
import { resumeSending } from "@/lib/deliveries/pause";
import { recoverDeliveries } from "@/lib/deliveries/recover";
import { listUndecided } from "@/lib/issues/desk-queries";
import { publishIssue } from "@/lib/issues/publish";
import { scheduleIssue } from "@/lib/issues/schedule";
import { enqueueNotice } from "@/lib/mail/notices";
import { getPublication } from "@/lib/publication/queries";
import { createIssue, createPublication, createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { checkRestore } from "./check-database";
import { judge, keepMark, listHeldSendings } from "./restore";

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-mark-"));
  await createPublication(database.db);
});
afterEach(() => rm(folder, { recursive: true }));

const NOW = new Date("2026-11-27T09:00:00Z");
const soon = new Date(NOW.getTime() - 30_000);
const long = new Date(NOW.getTime() - 61_000);
const keep = () => keepMark(database.db, { folder });
/** What a dump from before would say. */
const putBack = (generation: number) =>
  database.db.installation.update({
    where: { id: 1 },
    data: { generation, markedAt: new Date(Date.now() - 3_600_000) },
  });

async function unfinished() {
  const { db } = database;
  const scheduled = await createIssue(db, {
    audience: "MEMBERS",
    state: "SCHEDULED",
    scheduledFor: new Date(Date.now() + 60_000),
  });
  const sending = await createPublishedIssue(db, { audienceFrozenAt: NOW, audienceCount: 1 });
  const reader = await createSubscriber(db);
  await db.delivery.create({
    data: { issueId: sending.id, subscriberId: reader.id, messageId: "<a@masthead.test>" },
  });
  const finished = await createPublishedIssue(db, { audienceFrozenAt: NOW, audienceCount: 0 });
  return { scheduled, sending, finished };
}
const paused = async () =>
  (await database.db.issue.findMany({ where: { sendingPausedAt: { not: null } }, select: { id: true } }))
    .map((row) => row.id)
    .sort();

test.each([
  ["nothing anywhere is new", null, null, "joined"],
  [
    "the same, further on, went on",
    { mark: "a", generation: 3 },
    { generation: 5, markedAt: long },
    "went-on",
  ],
  ["the same count went on", { mark: "a", generation: 3 }, { generation: 3, markedAt: long }, "went-on"],
  ["behind is restored", { mark: "a", generation: 4 }, { generation: 3, markedAt: soon }, "restored"],
  ["a database without a mark under one is restored", { mark: "a", generation: 4 }, null, "restored"],
  ["a new machine beside others joins", null, { generation: 3, markedAt: soon }, "joined"],
  ["a new machine alone knows nothing", null, { generation: 3, markedAt: long }, "unknown-here"],
  [
    "a copy of it elsewhere knows nothing, however lately it was marked",
    null,
    { generation: 3, markedAt: soon, databaseId: "1/5" },
    "unknown-here",
  ],
  [
    "another database knows nothing",
    { mark: "b", generation: 1 },
    { generation: 3, markedAt: long },
    "unknown-here",
  ],
] as const)("%s", (_what, here, there, verdict) => {
  const kept = there && { mark: "a", databaseId: null, ...there };
  expect(judge(here, kept, { now: NOW, databaseId: "1/7" })).toBe(verdict);
});

test("a sound database is never held, however many workers count at once", async () => {
  await unfinished();
  await Promise.all(Array.from({ length: 8 }, keep));
  const verdicts = await Promise.all(Array.from({ length: 8 }, keep));
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["went-on"]));
  expect(await paused()).toEqual([]);
  expect(await checkRestore(database.db)).toMatchObject({ level: "ok" });
});

test("after a restore nothing goes out before the author decided on each issue", async () => {
  const { db } = database;
  const { scheduled, sending } = await unfinished();
  for (let time = 0; time < 3; time += 1) await keep();
  await enqueueNotice(db, {
    kind: "already-subscribed",
    to: { subscriberId: null, email: "before@example.com" },
    dedupeKey: "before",
    data: {},
  });
  await db.notice.updateMany({ data: { createdAt: new Date(Date.now() - 7_200_000) } });
  await putBack(1);
  await enqueueNotice(db, {
    kind: "already-subscribed",
    to: { subscriberId: null, email: "since@example.com" },
    dedupeKey: "since",
    data: {},
  });
  expect(await keep()).toEqual({ verdict: "restored", held: 2 });
  expect(await keep()).toEqual({ verdict: "went-on", held: 0 });
  expect(await paused()).toEqual([scheduled.id, sending.id].sort());
  const later = new Date(Date.now() + 120_000);
  expect(await publishIssue(db, scheduled.id, { now: later })).toBe(false);
  expect((await listUndecided(db, { now: NOW })).map((row) => row.id)).toEqual([scheduled.id]);
  expect((await listHeldSendings(db)).map((row) => row.id)).toEqual([sending.id]);
  expect(await checkRestore(db)).toMatchObject({ level: "warn", says: expect.stringContaining("2 issues") });
  expect(
    await db.notice.findMany({ select: { dedupeKey: true, state: true }, orderBy: { createdAt: "asc" } }),
  ).toEqual([
    { dedupeKey: "before", state: "FAILED" },
    { dedupeKey: "since", state: "QUEUED" },
  ]);
  expect(await resumeSending(db, sending.id)).toBe(true);
  await scheduleIssue(db, { issueId: scheduled.id, when: "now" }, { now: later });
  expect(await publishIssue(db, scheduled.id, { now: later })).toBe(true);
  await keep();
  expect(await paused()).toEqual([]);
  expect(await checkRestore(db)).toMatchObject({ level: "ok" });
});

test("an issue of which only the uncertain are left is held too: a setting may mail them again by itself", async () => {
  const { db } = database;
  const { sending } = await unfinished();
  await db.issue.deleteMany({ where: { id: { not: sending.id } } });
  await db.delivery.updateMany({ data: { state: "UNCERTAIN" } });
  for (let time = 0; time < 3; time += 1) await keep();
  await db.issue.update({ where: { id: sending.id }, data: { audienceFrozenAt: new Date() } });
  await putBack(1);
  expect(await keep()).toEqual({ verdict: "restored", held: 1 });
  await recoverDeliveries(db, { folder, policy: "resend" });
  expect(await db.delivery.count({ where: { state: "QUEUED" } })).toBe(1);
  const { claims } = await claimDeliveries(
    ledgerOf(db),
    { issueId: sending.id, claimedBy: "worker", limit: 5 },
    { publication: await getPublication(db) },
  );
  expect(claims).toEqual([]);
});

test("a copy in another database holds at once", async () => {
  await keep();
  await unfinished();
  await database.db.installation.update({ where: { id: 1 }, data: { databaseId: "another/1" } });
  await rm(join(folder, "installation.json"));
  expect(await keep()).toEqual({ verdict: "unknown-here", held: 2 });
});

test("after a restore no delivery gets an id that may stand in the return path of mail that is out", async () => {
  const { db } = database;
  const subscriberId = (await createSubscriber(db)).id;
  const mail = async () => {
    const issue = await createPublishedIssue(db);
    return (await db.delivery.create({ data: { issueId: issue.id, subscriberId, messageId: issue.id } })).id;
  };
  await keep();
  await keep();
  const before = await mail();
  await putBack(1);
  await keep();
  expect((await mail()) - before).toBeGreaterThan(1_000_000n);
});

test("a moved installation asks where something was unfinished, and nowhere else", async () => {
  await keep();
  await putBack(1);
  await rm(join(folder, "installation.json"));
  expect(await keep()).toEqual({ verdict: "unknown-here", held: 0 });
  await unfinished();
  await putBack(9);
  await writeFile(join(folder, "installation.json"), "{ torn");
  expect(await keep()).toEqual({ verdict: "unknown-here", held: 2 });
});
