import { beforeAll, describe, expect, test } from "vitest";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { previewIssue } from "./preview";

const database = useTestDatabase();
const now = new Date("2026-11-24T09:00:00Z");
const PAID = "Behind the wall";

beforeAll(async () => {
  await createPublication(database.db, { lockAfterDays: 30 });
});

const seen = async (issueId: string, as: "stranger" | "subscriber" | "member") => {
  const reading = await previewIssue(database.db, { issueId, as }, { now });
  return { ...reading, shows: JSON.stringify(reading.document).includes(PAID) };
};

describe("a draft for members", () => {
  test.each([
    ["stranger", false],
    ["subscriber", false],
    ["member", true],
  ] as const)("as a %s shows the paid part: %s", async (as, opens) => {
    const { id } = await createIssue(database.db, { audience: "MEMBERS" });
    const reading = await seen(id, as);
    expect(reading.shows).toBe(opens);
    expect(reading.wall).toBe(!opens);
    expect(JSON.stringify(reading.document)).toContain("Before the wall");
  });
});

test("a paywall closes also where the audience was left at everyone, as on the site", async () => {
  const { id } = await createIssue(database.db, { audience: "EVERYONE" });
  expect((await seen(id, "subscriber")).shows).toBe(false);
});

test("an old issue that the archive locks is locked in the preview too", async () => {
  const body = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: PAID }] }] };
  const old = { audience: "EVERYONE", publishedAt: new Date("2026-01-02T09:00:00Z"), body } as const;
  const locked = await createPublishedIssue(database.db, old);
  const open = await createPublishedIssue(database.db, { ...old, staysOpen: true });
  expect((await seen(locked.id, "stranger")).shows).toBe(false);
  expect((await seen(locked.id, "member")).shows).toBe(true);
  expect((await seen(open.id, "stranger")).shows).toBe(true);
});

test.each([
  ["a draft", {}, now],
  [
    "a scheduled issue",
    { state: "SCHEDULED", scheduledFor: new Date("2026-11-27T09:00:00Z") },
    new Date("2026-11-27T09:00:00Z"),
  ],
] as const)("%s shows the date that it would carry", async (_what, overrides, expected) => {
  const { id } = await createIssue(database.db, overrides);
  expect((await seen(id, "member")).publishedAt).toEqual(expected);
});

test("an issue that is gone is refused, and looking changes nothing", async () => {
  const issueId = "01980000-0000-7000-8000-000000000000";
  await expect(previewIssue(database.db, { issueId, as: "member" }, { now })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const issue = await createIssue(database.db);
  await seen(issue.id, "member");
  expect(await database.db.issue.findUnique({ where: { id: issue.id } })).toEqual(issue);
});
