import { expect, test } from "vitest";
import { readTimeline } from "@/lib/memberships/timeline";
import { exportPerson } from "@/lib/subscribers/export-person";
import { useTestDatabase } from "@/prisma/test-database";
import { listBounces, listCameBack } from "./bounces/queries";
import { recordBounce } from "./bounces/record-bounce";
import { findByMessageId } from "./bounces/take-report";
import { compactLedgers } from "./compact";
import { createMailedIssue } from "./compact.fixture";
import { exportLedger } from "./export-ledger";
import { getSendingProgress, listDeliveries, listReasons, listSendings } from "./queries";
import { getReceivedMail } from "./received-mail";
import { countMissed, sendToMissed } from "./send-to-missed";

const database = useTestDatabase({ emptyEachTime: true });
const DAY_MS = 86_400_000;
const NOW = new Date("2027-06-01T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
const compact = (options: Partial<Parameters<typeof compactLedgers>[1]> = {}) =>
  compactLedgers(database.db, { now: NOW, afterDays: 90, ...options });

const sentIssue = (settledAt = daysAgo(200)) => createMailedIssue(database.db, settledAt);

/** All that anybody is told of this issue and its readers. */
async function told(issueId: string, subscriberIds: string[]) {
  const { db } = database;
  let csv = "";
  for await (const chunk of exportLedger(db, { issueId })) csv += chunk;
  const { deliveries, ...page } = await listDeliveries(db, { issueId });
  const timelines = await Promise.all(subscriberIds.map((id) => readTimeline(db, id)));
  const persons = await Promise.all(subscriberIds.map((id) => exportPerson(db, id, { now: NOW })));
  return {
    progress: await getSendingProgress(db, issueId, { now: NOW }),
    sendings: await listSendings(db, { latest: 3 }),
    reasons: await listReasons(db, issueId),
    csv: csv.replaceAll('"250 taken"', ""),
    page,
    deliveries: deliveries.map(({ past: _past, reply, nextAttemptAt: _next, ...row }) => ({
      ...row,
      reply: row.state === "SENT" ? null : reply,
    })),
    timelines: timelines.map(({ moments, ...rest }) => ({
      ...rest,
      moments: moments.map((moment) => moment.kind === "issue" && { ...moment, at: null, reply: null }),
    })),
    persons: persons.map((person) => person?.issuesSent),
  };
}

test("an old ledger is put away in batches, and everybody is told the same of it before, midway and after", async () => {
  const { db } = database;
  const { issue, readers } = await sentIssue();
  const ids = readers.map(({ id }) => id);
  const before = await told(issue.id, ids);
  expect(before.progress).toMatchObject({
    stage: "finished",
    audience: 6,
    counts: { SENT: 3, FAILED: 2, SKIPPED: 1 },
  });
  const stop = new AbortController();
  // One batch: the signal is looked at before the second.
  const real = db.$transaction.bind(db);
  const midway = Object.assign(Object.create(db), {
    $transaction: async (...given: Parameters<typeof real>) => {
      const result = await real(...given);
      stop.abort();
      return result;
    },
  });
  expect(await compactLedgers(midway, { now: NOW, afterDays: 90, batch: 2, signal: stop.signal })).toEqual({
    issues: 0,
    rows: 2,
  });
  expect([await db.delivery.count(), await db.pastDelivery.count()]).toEqual([4, 2]);
  expect(await told(issue.id, ids)).toEqual(before);
  expect(await compact({ batch: 2 })).toEqual({ issues: 1, rows: 4 });
  expect([await db.delivery.count(), await db.pastDelivery.count()]).toEqual([0, 6]);
  expect(await told(issue.id, ids)).toEqual(before);
  expect(await compact()).toEqual({ issues: 0, rows: 0 });
});

test("two at once put each row away once", async () => {
  const { issue } = await sentIssue();
  const [one, two] = await Promise.all([compact({ batch: 1 }), compact({ batch: 1 })]);
  await compact();
  expect(one.rows + two.rows).toBeLessThanOrEqual(6);
  expect(await database.db.pastDelivery.count({ where: { ledger: { issueId: issue.id } } })).toBe(6);
  expect(await database.db.delivery.count()).toBe(0);
});

test.each(["QUEUED", "SENDING", "DEFERRED", "UNCERTAIN"] as const)(
  "an issue of which one reader is %s is not touched",
  async (state) => {
    const { readers } = await sentIssue();
    await database.db.delivery.updateMany({ where: { subscriberId: readers[0]?.id ?? "" }, data: { state } });
    expect(await compact()).toEqual({ issues: 0, rows: 0 });
    expect(await database.db.delivery.count()).toBe(6);
  },
);

test("an issue of which one reader was settled lately is not touched, however old it is", async () => {
  const { readers } = await sentIssue();
  const change = (at: Date) =>
    database.db.delivery.updateMany({
      where: { subscriberId: readers[1]?.id ?? "" },
      data: { nextAttemptAt: at },
    });
  await change(daysAgo(89));
  expect(await compact()).toEqual({ issues: 0, rows: 0 });
  await change(daysAgo(91));
  expect(await compact()).toEqual({ issues: 1, rows: 6 });
});

test("what somebody who left yesterday may still take back is not touched", async () => {
  const { readers } = await sentIssue();
  const left = (days: number) =>
    database.db.subscriber.update({
      where: { id: readers[5]?.id ?? "" },
      data: { status: "UNSUBSCRIBED", unsubscribedAt: daysAgo(days) },
    });
  await left(1);
  expect((await compact()).rows).toBe(0);
  await left(3);
  expect((await compact()).rows).toBe(6);
});

test("it gives way to an issue that is being sent", async () => {
  await sentIssue();
  const { readers } = await sentIssue(daysAgo(0));
  await database.db.delivery.updateMany({
    where: { subscriberId: readers[0]?.id ?? "" },
    data: { state: "SENDING" },
  });
  expect(await compact()).toEqual({ issues: 0, rows: 0 });
});

test("the copy of each reader is still shown byte for byte, and proven", async () => {
  const { readers } = await sentIssue();
  const { db } = database;
  const { id } = await db.delivery.findFirstOrThrow({ where: { subscriberId: readers[0]?.id ?? "" } });
  const before = await getReceivedMail(db, id);
  expect(before).toMatchObject({ proof: "exact", past: false, reply: "250 taken" });
  await compact();
  const after = await getReceivedMail(db, id);
  expect(after).toEqual({ ...before, past: true, reply: null });
});

test("a report about a mail of a compacted ledger counts, and names its issue", async () => {
  const { db } = database;
  const { issue, readers } = await sentIssue();
  const subscriberId = readers[0]?.id ?? "";
  const { id } = await db.delivery.findFirstOrThrow({ where: { subscriberId } });
  await compact();
  const report = { complaint: false, source: "dsn", code: null, status: "5.2.2", words: "full" } as const;
  expect(await recordBounce(db, { about: { deliveryId: id }, ...report }, { now: NOW })).toMatchObject({
    kind: "HARD",
  });
  const { bounces } = await listBounces(db, subscriberId, { now: NOW });
  expect(bounces).toMatchObject([{ issue: { id: issue.id } }]);
  expect((await listCameBack(db, [id])).get(id)).toMatchObject({ kind: "HARD" });
});

test("a complaint that names nothing but the identifier of such a mail finds its reader", async () => {
  const { db } = database;
  const { readers } = await createMailedIssue(db, daysAgo(200));
  const { id, messageId } = await db.delivery.findFirstOrThrow({
    where: { subscriberId: readers[4]?.id ?? "" },
  });
  await compact();
  expect(await findByMessageId(db, messageId)).toEqual({ deliveryId: id });
  expect(await findByMessageId(db, messageId.replace(/.@/, "x@"))).toBeNull();
  expect(await findByMessageId(db, messageId.replace("@", "@not."))).toBeNull();
});

test("it is sent to nobody any more", async () => {
  const { db } = database;
  const { issue } = await sentIssue();
  await compact({ batch: 3 });
  expect(await countMissed(db, issue.id, { now: daysAgo(190) })).toBeNull();
  expect(await sendToMissed(db, issue.id, { now: daysAgo(190) })).toEqual({ newcomers: 0, retryable: 0 });
  expect(await db.delivery.count()).toBe(0);
});

test("erasing a person leaves a row without them; deleting an issue leaves none", async () => {
  const { db } = database;
  const { issue, readers } = await sentIssue();
  await compact();
  await db.subscriber.delete({ where: { id: readers[0]?.id ?? "" } });
  const { deliveries } = await listDeliveries(db, { issueId: issue.id });
  expect(deliveries.filter(({ email }) => email === null)).toHaveLength(1);
  expect(deliveries).toHaveLength(6);
  await db.issue.delete({ where: { id: issue.id } });
  expect([await db.pastDelivery.count(), await db.pastLedger.count()]).toEqual([0, 0]);
});
