import { expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { compactLedgers } from "./compact";
import { createMailedIssue } from "./compact.fixture";
import { listMailedIssues } from "./reader-history";

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
