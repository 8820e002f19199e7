import { expect, test } from "vitest";
import { Prisma } from "@/prisma/generated/client";
import { useTestDatabase } from "@/prisma/test-database";
import type { Claim } from "./claim";
import { ledgerOf, openLedger } from "./ledger";
import { AGAIN, claim, SENT, settle } from "./ledger.fixture";
import type { Settlement } from "./outcome";
import { pauseSending, resolveUncertain, resumeSending } from "./pause";
import { getSendingProgress, listDeliveries } from "./queries";
import { countStates, NOW, prepareIssue } from "./sending.fixture";
import { settleDeliveries } from "./settle";

const database = useTestDatabase({ emptyEachTime: true });

test("twice changes nothing the second time", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  expect(await settle(db, first, SENT)).toEqual(new Set([first.id]));
  const row = await db.delivery.findFirst();
  expect(row).toMatchObject({ state: "SENT", reply: "250 queued", leaseUntil: null });
  expect(await settle(db, first, { state: "FAILED", reply: "late", code: 550, enhanced: null })).toEqual(
    new Set(),
  );
  expect(await db.delivery.findFirst()).toEqual(row);
});

test("a stale worker's failure does not overwrite the newer attempt", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  await settle(db, first, AGAIN);
  await claim(db, issue.id, 1, "worker-2");
  expect(await settle(db, first, SENT)).toEqual(new Set());
  expect(await countStates(db)).toEqual({ SENDING: 1 });
});

test("says what was on its way", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  const { id } = await db.statusLine.create({ data: { text: "You are on trial." } });
  const copied = { statusLineId: id, messageHash: -7n, variant: "TEASER" } as const;
  const { id: deliveryId, attempt } = first;
  await settleDeliveries(ledgerOf(db), [{ id: deliveryId, attempt, settlement: SENT, copied }]);
  expect(await db.delivery.findFirst()).toMatchObject(copied);
});

test("a server's late yes is believed while nobody else has the row", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  await settle(db, first, { state: "UNCERTAIN", reply: "the worker stopped" });
  expect(await settle(db, first, SENT)).toEqual(new Set([first.id]));
  expect(await countStates(db)).toEqual({ SENT: 1 });
});

test("every kind of answer is kept with its reason", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 4 });
  const claims = (await claim(db, issue.id)) as [Claim, Claim, Claim, Claim];
  const settlements: Settlement[] = [
    SENT,
    { state: "FAILED", reply: "550 no such user", code: 550, enhanced: "5.1.1" },
    { state: "DEFERRED", reply: "450 later", code: 450, enhanced: "4.2.0", waitSeconds: 300 },
    { state: "UNCERTAIN", reply: "closed" },
  ];
  await settleDeliveries(
    ledgerOf(db),
    claims.map(({ id, attempt }, at) => ({ id, attempt, settlement: settlements[at] ?? SENT })),
  );
  const rows = await db.delivery.findMany({ orderBy: { id: "asc" } });
  expect(rows.map((row) => [row.state, row.smtpCode, row.enhancedCode, row.sentAt !== null])).toEqual([
    ["SENT", null, null, true],
    ["FAILED", 550, "5.1.1", false],
    ["DEFERRED", 450, "4.2.0", false],
    ["UNCERTAIN", null, null, false],
  ]);
  expect(await getSendingProgress(db, issue.id, { now: new Date() })).toMatchObject({
    stage: "waiting",
    audience: 4,
    open: 1,
  });
  const failed = await listDeliveries(db, { issueId: issue.id, state: "FAILED" });
  expect(failed).toMatchObject({ total: 1, deliveries: [{ reply: "550 no such user" }] });
});

test("resuming tries those at once who waited because of the trouble", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  await settle(db, first, {
    state: "DEFERRED",
    reply: "550",
    code: 550,
    enhanced: "5.7.1",
    waitSeconds: 300,
  });
  await pauseSending(db, issue.id, { reason: "refused", now: NOW });
  expect(await resumeSending(db, issue.id)).toBe(true);
  expect(await resumeSending(db, issue.id)).toBe(false);
  expect(await claim(db, issue.id)).toHaveLength(1);
});

test.each(["resend", "leave"] as const)(
  "the author's word on uncertain rows is kept: %s",
  async (decision) => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, { state: "UNCERTAIN", reply: "closed" });
    expect(await resolveUncertain(db, issue.id, decision)).toBe(1);
    expect(await resolveUncertain(db, issue.id, decision)).toBe(0);
    const again = await claim(db, issue.id);
    expect(again.map((each) => each.messageId)).toEqual(decision === "resend" ? [first.messageId] : []);
  },
);

test("a worker's own way to the ledger goes by its indexes, whatever Postgres thinks of the table", async () => {
  const ledger = openLedger(database.url, { connections: 1 });
  try {
    const [settings] = await ledger.query<Record<string, string>>(Prisma.sql`
      SELECT current_setting('enable_seqscan') AS scan, current_setting('enable_bitmapscan') AS bitmap,
        current_setting('enable_sort') AS sort`);
    expect(settings).toEqual({ scan: "off", bitmap: "off", sort: "off" });
  } finally {
    await ledger.close();
  }
});
