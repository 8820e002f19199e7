import { expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { compactLedgers } from "./compact";
import { createMailedIssue } from "./compact.fixture";
import type { LedgerRow } from "./ledger-rows";
import { answeredAt, listMailedIssues } from "./reader-history";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2027-06-01T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

test("a reader's issues stand together, newest first, whether their ledgers were compacted or not", async () => {
  const { db } = database;
  const old = await createMailedIssue(db, daysAgo(200));
  const reader = old.readers[0]?.id ?? "";
  const late = await createMailedIssue(db, daysAgo(10));
  const before = await listMailedIssues(db, reader);
  expect(before.issues.map(({ issue, state }) => [issue.id, state])).toEqual([
    [late.issue.id, "QUEUED"],
    [old.issue.id, "SENT"],
  ]);
  await compactLedgers(db, { now: NOW, afterDays: 90 });
  const { issues, total } = await listMailedIssues(db, reader);
  expect(total).toBe(2);
  expect(issues[1]).toMatchObject({
    ...before.issues[1],
    past: true,
    reply: null,
    nextAttemptAt: daysAgo(200),
  });
});

test("somebody who was never mailed has none, and a page past the end is the last", async () => {
  const { db } = database;
  const { readers } = await createMailedIssue(db, daysAgo(10));
  const nobody = await listMailedIssues(db, "00000000-0000-7000-8000-000000000000", { page: 9 });
  expect(nobody).toEqual({ issues: [], total: 0, page: 1, pageCount: 1 });
  const refused = await listMailedIssues(db, readers[3]?.id ?? "", { page: 9 });
  expect(refused.issues).toMatchObject([{ state: "FAILED", reply: "550 5.1.1 nobody", attempt: 1 }]);
});

test("what a copy held, and whether its issue is paused, stand beside it", async () => {
  const { db } = database;
  const { issue, readers } = await createMailedIssue(db, daysAgo(10));
  const reader = readers[0]?.id ?? "";
  const told = async () => (await listMailedIssues(db, reader)).issues;
  expect(await told()).toMatchObject([{ held: "TEASER", paused: false, at: daysAgo(10) }]);
  await db.frozenMail.updateMany({ data: { text: "All of it, for everybody." } });
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: NOW } });
  expect(await told()).toMatchObject([{ held: "WHOLE", paused: true }]);
});

const BEGUN = daysAgo(2);
const SETTLED = daysAgo(1);
const ROW = { reply: null, sentAt: null, at: BEGUN, nextAttemptAt: SETTLED, past: false };

test.each<[string, Partial<Parameters<typeof answeredAt>[0]> & { state: LedgerRow["state"] }, Date | null]>([
  ["was sent: when the server took it", { state: "SENT", sentAt: NOW }, NOW],
  ["failed: when it was settled", { state: "FAILED" }, SETTLED],
  ["failed long ago: when it was settled", { state: "FAILED", past: true, at: NOW }, NOW],
  ["is uncertain: when it was settled", { state: "UNCERTAIN" }, SETTLED],
  ["waits for another try: not kept", { state: "DEFERRED" }, null],
  ["was not tried yet: none", { state: "QUEUED" }, null],
  ["is being sent: none", { state: "SENDING" }, null],
  ["left: then", { state: "SKIPPED", reply: `unsubscribed ${NOW.toISOString()}` }, NOW],
  ["was skipped for another reason: not kept", { state: "SKIPPED", reply: "not confirmed: pending" }, null],
])("the moment of the last answer of what %s", (_, row, moment) => {
  expect(answeredAt({ ...ROW, ...row })).toEqual(moment);
});
