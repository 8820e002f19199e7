import { expect, test } from "vitest";
import { databaseNow } from "@/lib/db";
import { issueMessageId } from "@/lib/mail/headers";
import { createIssue, createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { resumeSending } from "./pause";
import { holdLateIssues, listUnprepared, prepareDeliveries } from "./prepare";
import { createReaders, memoryImages, NOW, PUBLISHED, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const services = { now: NOW, images: memoryImages() };

test("every confirmed subscriber has one row, and nobody else", async () => {
  const { db } = database;
  await createReaders(db, 2, "PENDING");
  await createReaders(db, 2, "UNSUBSCRIBED");
  await createReaders(db, 1, "SUPPRESSED");
  const { issue, readers } = await prepareIssue(db, { readers: 5 });
  const rows = await db.delivery.findMany();
  expect(rows.map((row) => row.subscriberId).sort()).toEqual(readers.map((reader) => reader.id).sort());
  expect(rows.every((row) => row.state === "QUEUED" && row.attempt === 0)).toBe(true);
  expect(await db.issue.findUnique({ where: { id: issue.id } })).toMatchObject({
    audienceCount: 5,
    audienceFrozenAt: NOW,
  });
});

test("the identifiers made by the database are those that the program makes", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 3 });
  for (const row of await db.delivery.findMany()) {
    const own = issueMessageId(issue.id, row.subscriberId ?? "", { mailFrom: "weekly@masthead.test" });
    expect(row.messageId).toBe(own);
  }
});

test("a second call, and eight at once, prepare once", async () => {
  const { db } = database;
  await createPublication(db);
  await createReaders(db, 3);
  const issue = await createIssue(db, PUBLISHED);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => prepareDeliveries(db, issue.id, services)),
  );
  expect(answers.filter((answer) => answer.outcome === "prepared")).toEqual([
    { outcome: "prepared", audience: 3 },
  ]);
  expect(await prepareDeliveries(db, issue.id, services)).toEqual({ outcome: "nothing-to-do" });
  expect(await db.delivery.count()).toBe(3);
  expect(await db.frozenMail.count()).toBe(2);
});

test("what was let go too long ago is held for the author, who is told once and may let it go on", async () => {
  const { db } = database;
  await createPublication(db, { catchUpHours: 24 });
  await createReaders(db, 1);
  await db.author.create({ data: { email: "author@masthead.test" } });
  const hours = (count: number) => new Date(NOW.getTime() - count * 3_600_000);
  const late = await createIssue(db, { ...PUBLISHED, releasedAt: hours(25) });
  const soon = await createIssue(db, { ...PUBLISHED, releasedAt: hours(23) });
  const held = async () =>
    (await db.issue.findMany({ where: { sendingPausedAt: { not: null } } })).map(({ id }) => id);
  await holdLateIssues(db, { now: NOW });
  await holdLateIssues(db, { now: NOW });
  expect(await held()).toEqual([late.id]);
  expect(await db.notice.count({ where: { kind: "moment-missed", email: "author@masthead.test" } })).toBe(1);

  for (const { id } of [late, soon]) await prepareDeliveries(db, id, services);
  expect(await db.delivery.groupBy({ by: ["issueId"], _count: true })).toHaveLength(2);

  const unmade = await createIssue(db, { ...PUBLISHED, releasedAt: hours(25) });
  await holdLateIssues(db, { now: NOW });
  await resumeSending(db, unmade.id);
  await holdLateIssues(db, { now: await databaseNow(db) });
  expect(await held()).toEqual([late.id]);
});

test("who confirms after the audience is frozen is not in it", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  await createReaders(db, 1);
  await prepareDeliveries(db, issue.id, services);
  expect(await db.delivery.count()).toBe(1);
});

test("an audience of nobody is frozen too, and done", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 0 });
  expect((await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).audienceCount).toBe(0);
  expect(await listUnprepared(db)).toEqual([]);
});

test.each([
  ["a draft", { state: "DRAFT" as const, publishedAt: null }],
  ["an issue that sends no mail", { ...PUBLISHED, sendsMail: false }],
  ["a page", { ...PUBLISHED, kind: "PAGE" as const }],
  ["a withdrawn issue", { state: "DRAFT" as const, withdrawnAt: NOW }],
])("%s is not prepared", async (_name, overrides) => {
  const { db } = database;
  await createPublication(db);
  await createReaders(db, 1);
  const issue = await createIssue(db, overrides);
  expect(await prepareDeliveries(db, issue.id, services)).toEqual({ outcome: "nothing-to-do" });
  expect(await db.delivery.count()).toBe(0);
});

test("paid words are frozen into the members' mail and into no other", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 1, issue: { audience: "MEMBERS" } });
  const mails = await db.frozenMail.findMany({ orderBy: { variant: "asc" } });
  const holding = (words: string) =>
    mails
      .filter((mail) => mail.html.includes(words) && mail.text.includes(words))
      .map((mail) => mail.variant)
      .sort();
  expect(holding("Before the wall.")).toEqual(["TEASER", "WHOLE"]);
  expect(holding("Behind the wall.")).toEqual(["WHOLE"]);
  expect(mails.find((mail) => mail.variant === "TEASER")?.html).not.toContain("Behind");
  expect(holding("The rest is for members")).toEqual(["TEASER"]);
});

test("a members' issue without a paywall shows its title and the wall, nothing of its text", async () => {
  const { db } = database;
  const body = {
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text: "Everything is paid." }] }],
  };
  await prepareIssue(db, { readers: 1, issue: { audience: "MEMBERS", title: "All for members", body } });
  const teaser = await db.frozenMail.findFirstOrThrow({ where: { variant: "TEASER" } });
  expect(teaser.html).toContain("All for members");
  expect(teaser.html).toContain("This issue is for members");
  expect(`${teaser.html}${teaser.text}`).not.toContain("Everything is paid");
});

test("an edit after the freeze does not change the frozen mail", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const before = await db.frozenMail.findMany();
  await db.issue.update({ where: { id: issue.id }, data: { title: "Another title", version: 2 } });
  await prepareDeliveries(db, issue.id, services);
  expect(await db.frozenMail.findMany()).toEqual(before);
});
