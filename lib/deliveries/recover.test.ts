import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getPublication } from "@/lib/publication/queries";
import type { DeliveryState } from "@/prisma/generated/enums";
import { useTestDatabase } from "@/prisma/test-database";
import { claimDeliveries } from "./claim";
import { openJournal } from "./journal";
import { ledgerOf } from "./ledger";
import { recoverDeliveries } from "./recover";
import { countStates, prepareIssue } from "./sending.fixture";
import { listJournals } from "./stored-journals";

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "masthead-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (incarnation: string) => join(folder, `${incarnation}.journal`);

/** Rewrites who wrote a journal: a process that is gone, or one before the machine went down. */
function pretendWriter(incarnation: string, change: Record<string, unknown>): void {
  const [head = "", ...rest] = readFileSync(pathOf(incarnation), "utf8").split("\n");
  const header = JSON.stringify({ ...JSON.parse(head), ...change });
  writeFileSync(pathOf(incarnation), [header, ...rest].join("\n"));
}
const GONE = { pid: 4_194_303, startedAt: "1" };

async function claimWith(incarnation: string, readers: number) {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers });
  const publication = await getPublication(db);
  const request = { issueId: issue.id, claimedBy: incarnation, limit: readers };
  const { claims } = await claimDeliveries(ledgerOf(db), request, { publication });
  return { issue, claims };
}

async function stateOfEach() {
  const rows = await database.db.delivery.findMany({ orderBy: { id: "asc" } });
  return rows.map((row) => row.state);
}

const COPIED = { variant: "TEASER", statusLineId: null, messageHash: -7n } as const;

/** Four rows: never begun, begun, taken, refused. */
async function crashedWorker() {
  const journal = openJournal(folder, "dead");
  const { claims } = await claimWith("dead", 4);
  const ids = claims.map((claim) => [claim.id, claim.attempt] as const).sort((a, b) => Number(a[0] - b[0]));
  const [, begun, taken, refused] = ids as [never, ...[bigint, number][]] as [bigint, number][];
  for (const row of [begun, taken, refused]) if (row) journal.begun(...row, COPIED);
  if (taken) journal.accepted(...taken, "250 queued");
  if (refused) journal.notSent(...refused);
}

describe("after a worker was killed", () => {
  test("each row becomes what the journal knows of it, at once", async () => {
    await crashedWorker();
    pretendWriter("dead", GONE);
    const recovery = await recoverDeliveries(database.db, { folder });
    expect(recovery).toEqual({ requeued: 2, sent: 1, uncertain: 1 });
    expect(await stateOfEach()).toEqual(["QUEUED", "UNCERTAIN", "SENT", "QUEUED"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("by the policy that resends, who may have got nothing is mailed again, but not long after the sending", async () => {
    const { db } = database;
    await crashedWorker();
    pretendWriter("dead", GONE);
    await db.issue.updateMany({ data: { audienceFrozenAt: new Date(Date.now() - 4 * 86_400_000) } });
    await recoverDeliveries(db, { folder, policy: "resend" });
    expect(await stateOfEach()).toEqual(["QUEUED", "UNCERTAIN", "SENT", "QUEUED"]);
    await db.issue.updateMany({ data: { audienceFrozenAt: new Date() } });
    await recoverDeliveries(db, { folder, policy: "resend" });
    expect(await stateOfEach()).toEqual(["QUEUED", "QUEUED", "SENT", "QUEUED"]);
  });

  test("what had begun to leave is known to its byte", async () => {
    await crashedWorker();
    pretendWriter("dead", GONE);
    await recoverDeliveries(database.db, { folder });
    const rows = await database.db.delivery.findMany({ orderBy: { id: "asc" } });
    expect(rows.slice(1, 3)).toMatchObject([COPIED, COPIED]);
    expect(rows[0]).toMatchObject({ variant: null, messageHash: null });
  });

  test("a second recovery changes nothing", async () => {
    await crashedWorker();
    pretendWriter("dead", GONE);
    await recoverDeliveries(database.db, { folder });
    const again = await recoverDeliveries(database.db, { folder });
    expect(again).toEqual({ requeued: 0, sent: 0, uncertain: 0 });
  });

  test("a torn last record counts for nothing", async () => {
    await crashedWorker();
    pretendWriter("dead", GONE);
    const text = readFileSync(pathOf("dead"), "utf8");
    writeFileSync(pathOf("dead"), `${text}A 1 1 25`);
    await recoverDeliveries(database.db, { folder });
    expect((await stateOfEach())[0]).toBe("QUEUED");
  });

  test("without its journal every row that it held is uncertain", async () => {
    await crashedWorker();
    rmSync(pathOf("dead"));
    await database.db.delivery.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } });
    await recoverDeliveries(database.db, { folder });
    expect(await countStates(database.db)).toEqual({ UNCERTAIN: 4 });
  });

  test("after the machine went down, only what the server took is known", async () => {
    await crashedWorker();
    pretendWriter("dead", { bootId: "another boot" });
    await recoverDeliveries(database.db, { folder });
    expect(await countStates(database.db)).toEqual({ SENT: 1, UNCERTAIN: 3 });
  });
});

describe("a worker that may still live", () => {
  test("keeps its rows while its lease runs", async () => {
    await crashedWorker();
    expect(await recoverDeliveries(database.db, { folder })).toEqual({
      requeued: 0,
      sent: 0,
      uncertain: 0,
    });
    expect(readdirSync(folder)).toEqual(["dead.journal"]);
  });

  test("in another process space is judged by its lease alone", async () => {
    await crashedWorker();
    pretendWriter("dead", { ...GONE, pidSpace: "pid:[1]" });
    await recoverDeliveries(database.db, { folder });
    expect(await countStates(database.db)).toEqual({ SENDING: 4 });
    await database.db.delivery.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } });
    await recoverDeliveries(database.db, { folder });
    expect(await stateOfEach()).toEqual(["QUEUED", "UNCERTAIN", "SENT", "QUEUED"]);
  });
});

describe("the journal of a worker in another container", () => {
  const HOUR_MS = 3_600_000;
  const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
  const silentFor = (hours: number) => utimesSync(pathOf("dead"), ago(hours), ago(hours));
  const seen = (hours: number) =>
    database.db.workerHeartbeat.create({ data: { id: "dead", startedAt: ago(99), seenAt: ago(hours) } });

  async function crashedElsewhere(state: DeliveryState) {
    await crashedWorker();
    pretendWriter("dead", { ...GONE, pidSpace: "pid:[1]" });
    await database.db.delivery.updateMany({
      data: { state, leaseUntil: new Date(Date.now() + HOUR_MS) },
    });
  }

  test.each<[string, DeliveryState, { written: number; seen: number | null }, string[]]>([
    ["goes after a day of silence", "SENT", { written: 25, seen: null }, []],
    ["goes when its last sign of life is older than that", "SENT", { written: 25, seen: 25 }, []],
    ["stays while its worker gives signs of life", "SENT", { written: 25, seen: 1 }, ["dead.journal"]],
    ["stays while it was written today", "SENT", { written: 1, seen: null }, ["dead.journal"]],
    ["stays while a row may be on its way", "SENDING", { written: 25, seen: null }, ["dead.journal"]],
    ["stays while nobody knows of a row", "UNCERTAIN", { written: 25, seen: null }, ["dead.journal"]],
  ])("%s", async (_what, state, at, left) => {
    await crashedElsewhere(state);
    if (at.seen !== null) await seen(at.seen);
    // What it says of rows that are uncertain is taken first.
    await recoverDeliveries(database.db, { folder });
    silentFor(at.written);
    await recoverDeliveries(database.db, { folder });
    expect(readdirSync(folder)).toEqual(left);
  });
});

test("the journal of a worker that lives is never removed, however long it had nothing to send", async () => {
  const journal = openJournal(folder, "idle");
  utimesSync(pathOf("idle"), new Date(0), new Date(0));
  await recoverDeliveries(database.db, { folder });
  expect(readdirSync(folder)).toEqual(["idle.journal"]);
  journal.close();
});

test("a claim whose answer never came is taken back by the same worker when its lease is over", async () => {
  const journal = openJournal(folder, "own");
  await claimWith("own", 2);
  await recoverDeliveries(database.db, { folder });
  expect(await countStates(database.db)).toEqual({ SENDING: 2 });
  await database.db.delivery.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } });
  await recoverDeliveries(database.db, { folder });
  expect(await countStates(database.db)).toEqual({ QUEUED: 2 });
  journal.close();
});

test("a row that another machine had to call uncertain is put right by the one with the journal", async () => {
  await crashedWorker();
  pretendWriter("dead", GONE);
  await database.db.delivery.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } });
  const elsewhere = mkdtempSync(join(tmpdir(), "masthead-journal-"));
  await recoverDeliveries(database.db, { folder: elsewhere });
  rmSync(elsewhere, { recursive: true });
  await recoverDeliveries(database.db, { folder });
  expect(await countStates(database.db)).toEqual({ SENT: 1, UNCERTAIN: 3 });
});

test("a cleared journal knows nothing of what was before, and goes on", () => {
  const journal = openJournal(folder, "one");
  journal.begun(1n, 1, COPIED);
  expect(journal.size).toBe("B 1 1 TEASER - -7\n".length);
  journal.clear();
  expect(journal.size).toBe(0);
  journal.begun(2n, 1, COPIED);
  const [old] = listJournals(folder);
  expect(old?.fateOf(1n, 1)).toBeNull();
  expect(old?.fateOf(2n, 1)).toEqual({ state: "begun", copied: COPIED });
  journal.close();
  expect(readdirSync(folder)).toEqual([]);
});
