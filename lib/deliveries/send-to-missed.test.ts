import { expect, test } from "vitest";
import { createIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { GAVE_UP, NOT_WRITTEN } from "./outcome";
import { prepareDeliveries } from "./prepare";
import { countMissed, sendToMissed } from "./send-to-missed";
import { countStates, memoryImages, NOW, PUBLISHED, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

/** Seven readers: sent, given up, not written, no such address, uncertain, skipped, given up and left. */
async function sentIssue() {
  const { db } = database;
  const { issue, readers } = await prepareIssue(db, { readers: 7 });
  const rows = [
    { state: "SENT", reply: "250 ok" },
    { state: "FAILED", reply: `${GAVE_UP}450 later`, deferrals: 40 },
    { state: "FAILED", reply: `${NOT_WRITTEN}a slot` },
    { state: "FAILED", reply: "550 5.1.1 no such user" },
    { state: "UNCERTAIN", reply: "closed" },
    { state: "SKIPPED", reply: "not confirmed: pending" },
    { state: "FAILED", reply: `${GAVE_UP}450 later` },
  ] as const;
  for (const [index, data] of rows.entries()) {
    await db.delivery.updateMany({ where: { subscriberId: readers[index]?.id ?? "" }, data });
  }
  await db.subscriber.update({ where: { id: readers[6]?.id ?? "" }, data: { status: "UNSUBSCRIBED" } });
  return issue;
}

test("who came later and who failed for now get it, and nobody else", async () => {
  const { db } = database;
  const issue = await sentIssue();
  const newcomer = await createSubscriber(db);
  await createSubscriber(db, { status: "PENDING" });
  expect(await countMissed(db, issue.id, { now: NOW })).toEqual({ newcomers: 1, retryable: 2 });
  expect(await sendToMissed(db, issue.id, { now: NOW })).toEqual({ newcomers: 1, retryable: 2 });
  expect(await countStates(db)).toEqual({ SENT: 1, QUEUED: 3, FAILED: 2, UNCERTAIN: 1, SKIPPED: 1 });
  const queued = await db.delivery.findMany({ where: { state: "QUEUED" } });
  expect(queued.every((row) => row.deferrals === 0)).toBe(true);
  expect(queued.find((row) => row.subscriberId === newcomer.id)?.messageId).toMatch(
    new RegExp(`^<${issue.id}\\.[0-9a-f]{20}@masthead\\.test>$`),
  );
  expect(await db.issue.findUnique({ where: { id: issue.id } })).toMatchObject({ audienceCount: 8 });
  expect(await countMissed(db, issue.id, { now: NOW })).toEqual({ newcomers: 0, retryable: 0 });
});

test("eight presses at once queue everybody once", async () => {
  const { db } = database;
  const issue = await sentIssue();
  await createSubscriber(db);
  const presses = await Promise.all(
    Array.from({ length: 8 }, () => sendToMissed(db, issue.id, { now: NOW })),
  );
  const sum = (pick: "newcomers" | "retryable") => presses.reduce((total, press) => total + press[pick], 0);
  expect([sum("newcomers"), sum("retryable")]).toEqual([1, 2]);
  expect(await db.issue.findUnique({ where: { id: issue.id } })).toMatchObject({ audienceCount: 8 });
});

test.each([
  ["withdrawn", { withdrawnAt: new Date(), state: "DRAFT" }],
  ["not sent yet", { audienceFrozenAt: null }],
] as const)("an issue that is %s goes to nobody", async (_name, data) => {
  const { db } = database;
  const issue = await sentIssue();
  await createSubscriber(db);
  await db.issue.update({ where: { id: issue.id }, data });
  expect(await countMissed(db, issue.id, { now: NOW })).toBeNull();
  expect(await sendToMissed(db, issue.id, { now: NOW })).toEqual({ newcomers: 0, retryable: 0 });
});

const daysLater = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

test("once another issue was sent, newcomers are no longer offered this one, and those who failed still are", async () => {
  const { db } = database;
  const issue = await sentIssue();
  await createSubscriber(db);
  expect(await countMissed(db, issue.id, { now: daysLater(6) })).toEqual({ newcomers: 1, retryable: 2 });
  const next = await createIssue(db, { ...PUBLISHED, publishedAt: daysLater(7) });
  await prepareDeliveries(db, next.id, { now: daysLater(7), images: memoryImages() });
  await db.issue.update({ where: { id: next.id }, data: { withdrawnAt: daysLater(8), state: "DRAFT" } });
  expect(await countMissed(db, issue.id, { now: daysLater(8) })).toEqual({ newcomers: 1, retryable: 2 });
  await db.issue.update({ where: { id: next.id }, data: { withdrawnAt: null, state: "PUBLISHED" } });
  expect(await countMissed(db, issue.id, { now: daysLater(8) })).toEqual({ newcomers: 0, retryable: 2 });
  expect(await sendToMissed(db, issue.id, { now: daysLater(8) })).toEqual({ newcomers: 0, retryable: 2 });
  await createSubscriber(db);
  expect(await countMissed(db, next.id, { now: daysLater(8) })).toMatchObject({ newcomers: 1 });
});

test("after thirty days an issue goes to nobody who was missed", async () => {
  const { db } = database;
  const issue = await sentIssue();
  expect(await countMissed(db, issue.id, { now: daysLater(29) })).toMatchObject({ retryable: 2 });
  expect(await countMissed(db, issue.id, { now: daysLater(31) })).toBeNull();
  expect(await sendToMissed(db, issue.id, { now: daysLater(31) })).toEqual({ newcomers: 0, retryable: 0 });
});

test("an issue whose ledger stayed behind when the installation moved goes to nobody", async () => {
  const { db } = database;
  const issue = await sentIssue();
  await db.delivery.deleteMany();
  expect(await countMissed(db, issue.id, { now: NOW })).toBeNull();
  expect(await sendToMissed(db, issue.id, { now: NOW })).toEqual({ newcomers: 0, retryable: 0 });
  await db.issue.update({ where: { id: issue.id }, data: { audienceCount: 0 } });
  expect(await countMissed(db, issue.id, { now: NOW })).toMatchObject({ retryable: 0 });
});
