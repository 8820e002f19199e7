import { beforeAll, describe, expect, test } from "vitest";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listDueIssues, mailFromArchive, publishIssue } from "./publish";
import { canSchedule, scheduleIssue, unscheduleIssue } from "./schedule";

const database = useTestDatabase();
const now = new Date("2026-11-24T09:00:00Z");
const later = new Date("2026-11-24T10:00:00Z");
const archived = { sendsMail: false, publishedAt: new Date("2025-03-28T16:00:00Z") };

beforeAll(async () => {
  await createPublication(database.db);
});

describe("an imported issue that was never mailed", () => {
  test("is mailed when its moment has come, once, and stays in the archive under its own date", async () => {
    const { db } = database;
    const { id } = await createPublishedIssue(db, archived);
    await scheduleIssue(db, { issueId: id, when: later }, { now });
    expect(await mailFromArchive(db, id, { now })).toBe(false);
    expect((await listDueIssues(db, later)).map((issue) => issue.id)).toEqual([id]);
    expect(await publishIssue(db, id, { now: later })).toBe(false);
    expect(await mailFromArchive(db, id, { now: later })).toBe(true);
    expect(await mailFromArchive(db, id, { now: later })).toBe(false);
    expect(await listDueIssues(db, later)).toEqual([]);
    expect(await db.issue.findUnique({ where: { id } })).toMatchObject({
      state: "PUBLISHED",
      sendsMail: true,
      publishedAt: archived.publishedAt,
      scheduledFor: null,
    });
  });

  test("is taken back until then", async () => {
    const { db } = database;
    const { id } = await createPublishedIssue(db, archived);
    await scheduleIssue(db, { issueId: id, when: later }, { now });
    await unscheduleIssue(db, id);
    expect(await mailFromArchive(db, id, { now: later })).toBe(false);
    expect(await db.issue.findUnique({ where: { id } })).toMatchObject({ state: "PUBLISHED" });
  });
});

test("an issue that was published without mail is not mailed for the moment at which it was published", async () => {
  const { db } = database;
  const { id } = await createIssue(db, { sendsMail: false, audience: "MEMBERS" });
  await scheduleIssue(db, { issueId: id, when: "now" }, { now });
  expect(await publishIssue(db, id, { now })).toBe(true);
  expect(await mailFromArchive(db, id, { now: later })).toBe(false);
});

test("an issue that was mailed is not scheduled again", async () => {
  const { db } = database;
  const { id } = await createPublishedIssue(db, { audienceFrozenAt: now });
  await expect(scheduleIssue(db, { issueId: id, when: "now" }, { now })).rejects.toThrow(/already published/);
});

test.each([
  ["a draft", { state: "DRAFT" }, true],
  ["a scheduled issue", { state: "SCHEDULED" }, true],
  ["an issue in the archive alone", { state: "PUBLISHED", sendsMail: false }, true],
  ["a published issue whose audience is about to be written", { state: "PUBLISHED" }, false],
  ["a mailed issue", { state: "PUBLISHED", audienceFrozenAt: now }, false],
  ["a withdrawn issue that was mailed", { state: "DRAFT", audienceFrozenAt: now }, false],
  ["a page", { kind: "PAGE" }, false],
] as const)("%s can be given a moment: %s", (_name, issue, expected) => {
  const draft = { kind: "ISSUE", state: "DRAFT", sendsMail: true, audienceFrozenAt: null } as const;
  expect(canSchedule({ ...draft, ...issue })).toBe(expected);
});
