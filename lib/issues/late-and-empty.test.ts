import { beforeEach, describe, expect, test } from "vitest";
import { prepareDeliveries } from "@/lib/deliveries/prepare";
import { memoryImages } from "@/lib/deliveries/sending.fixture";
import { createIssue, createPublication, createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listUndecided } from "./desk-queries";
import { findEmptySlot } from "./empty-slot";
import { missedBefore, waitsForAuthor } from "./missed-moment";
import { listDueIssues, mailFromArchive, publishIssue } from "./publish";
import { scheduleIssue, unscheduleIssue } from "./schedule";
import { tellOfEmptySlot, tellOfMissedMoments } from "./tell-author";

const database = useTestDatabase({ emptyEachTime: true });
const HOUR = 3_600_000;
/** The slot is Friday 09:00 in London. */
const SLOT = new Date("2026-11-27T09:00:00Z");
const hoursAfter = (hours: number, from = SLOT) => new Date(from.getTime() + hours * HOUR);

beforeEach(async () => {
  await createPublication(database.db);
});

const stored = (id: string) => database.db.issue.findUniqueOrThrow({ where: { id } });
const scheduled = () =>
  createIssue(database.db, { audience: "MEMBERS", state: "SCHEDULED", scheduledFor: SLOT });
const notices = (kind: string) =>
  database.db.notice.findMany({ where: { kind }, select: { email: true }, orderBy: { email: "asc" } });

describe("a moment at which nothing ran", () => {
  test.each([
    ["a second later it goes out", 1 / 3_600, 24, null],
    ["a day less a minute later it goes out", 24 - 1 / 60, 24, null],
    ["a day later the author is asked", 24, 24, "missed"],
    ["the limit is a setting: within it, it goes out", 47, 48, null],
    ["the limit is a setting: past it, the author is asked", 2, 2, "missed"],
  ])("%s", async (_what, hours, catchUpHours, expected) => {
    const { db } = database;
    await db.publication.update({ where: { id: 1 }, data: { catchUpHours } });
    const issue = await scheduled();
    const now = hoursAfter(hours);
    expect(waitsForAuthor(issue, now, { catchUpHours })).toBe(expected);
    expect(await listDueIssues(db, now)).toHaveLength(expected ? 0 : 1);
    expect(await publishIssue(db, issue.id, { now })).toBe(expected === null);
    expect((await listUndecided(db, { now })).map((row) => row.id)).toEqual(expected ? [issue.id] : []);
  });

  test("every author is told once, and again only of another moment", async () => {
    const { db } = database;
    await db.author.create({ data: { email: "second@masthead.test" } });
    const issue = await scheduled();
    await Promise.all([1, 2, 3].map(() => tellOfMissedMoments(db, { now: hoursAfter(30) })));
    const told = ["author@masthead.test", "second@masthead.test"];
    expect((await notices("moment-missed")).map((row) => row.email)).toEqual(told);
    await scheduleIssue(db, { issueId: issue.id, when: "next-slot" }, { now: hoursAfter(30) });
    await tellOfMissedMoments(db, { now: hoursAfter(31) });
    expect(await notices("moment-missed")).toHaveLength(2);
    await tellOfMissedMoments(db, { now: hoursAfter(7 * 24 + 30) });
    expect(await notices("moment-missed")).toHaveLength(4);
  });

  test("the mail of an archived issue waits as well", async () => {
    const { db } = database;
    const issue = await createPublishedIssue(db, { sendsMail: false, scheduledFor: SLOT });
    expect(await mailFromArchive(db, issue.id, { now: hoursAfter(25) })).toBe(false);
    expect(await listUndecided(db, { now: hoursAfter(25) })).toHaveLength(1);
    expect(await mailFromArchive(db, issue.id, { now: hoursAfter(1) })).toBe(true);
  });

  test("the author says now, the next slot, or not at all", async () => {
    const { db } = database;
    const [now1, next, never] = [await scheduled(), await scheduled(), await scheduled()];
    const now = hoursAfter(30);
    await scheduleIssue(db, { issueId: now1.id, when: "now" }, { now });
    await scheduleIssue(db, { issueId: next.id, when: "next-slot" }, { now });
    await unscheduleIssue(db, never.id);
    expect(await listUndecided(db, { now })).toEqual([]);
    expect(await publishIssue(db, now1.id, { now })).toBe(true);
    expect((await stored(next.id)).scheduledFor).toEqual(hoursAfter(7 * 24));
    expect(await stored(never.id)).toMatchObject({ state: "DRAFT", scheduledFor: null });
  });

  test("what is held does not go out until it is scheduled anew", async () => {
    const { db } = database;
    const issue = await scheduled();
    await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: SLOT } });
    expect(await listDueIssues(db, hoursAfter(1))).toEqual([]);
    expect(await publishIssue(db, issue.id, { now: hoursAfter(1) })).toBe(false);
    expect(waitsForAuthor(await stored(issue.id), hoursAfter(1), { catchUpHours: 24 })).toBe("held");
    await scheduleIssue(db, { issueId: issue.id, when: "now" }, { now: hoursAfter(1) });
    expect(await publishIssue(db, issue.id, { now: hoursAfter(1) })).toBe(true);
  });
});

describe("a slot without an issue", () => {
  const mailed = (at: Date) =>
    createPublishedIssue(database.db, { publishedAt: at, audienceFrozenAt: at, audienceCount: 1 });
  const week = (number: number) => hoursAfter(-number * 7 * 24);

  test("is told of within a day, once to each author, where issues went out before", async () => {
    const { db } = database;
    await mailed(week(1));
    await mailed(week(2));
    expect(await tellOfEmptySlot(db, { now: hoursAfter(-25) })).toBeNull();
    const found = await Promise.all([1, 2, 3].map(() => tellOfEmptySlot(db, { now: hoursAfter(-23) })));
    expect(found).toEqual([SLOT, SLOT, SLOT]);
    expect(await notices("slot-empty")).toEqual([{ email: "author@masthead.test" }]);
  });

  test.each([
    ["no habit", async () => void (await mailed(week(1)))],
    ["an issue is scheduled for it", async () => void (await scheduled())],
    [
      "an issue is scheduled for a moment near it",
      async () => void (await createIssue(database.db, { state: "SCHEDULED", scheduledFor: hoursAfter(3) })),
    ],
    ["this week's issue is out already", async () => void (await mailed(hoursAfter(-40)))],
    ["the habit is long past", async () => void (await mailed(week(6)))],
  ])("is nothing to tell of: %s", async (what, arrange) => {
    if (what !== "no habit" && what !== "the habit is long past") {
      await mailed(week(1));
      await mailed(week(2));
    }
    if (what === "the habit is long past") await mailed(week(5));
    await arrange();
    expect(await findEmptySlot(database.db, { now: hoursAfter(-20) })).toBeNull();
  });
});

test("fifty presses of send at once publish one issue with one audience", async () => {
  const { db } = database;
  const now = hoursAfter(0);
  await Promise.all(Array.from({ length: 7 }, () => createSubscriber(db)));
  const issue = await createIssue(db, { audience: "MEMBERS" });
  const presses = await Promise.allSettled(
    Array.from({ length: 50 }, async () => {
      await scheduleIssue(db, { issueId: issue.id, when: "now" }, { now });
      const published = await publishIssue(db, issue.id, { now });
      const { outcome } = await prepareDeliveries(db, issue.id, { now, images: memoryImages() });
      return { published, outcome };
    }),
  );
  const done = presses.flatMap((press) => (press.status === "fulfilled" ? [press.value] : []));
  expect(done.filter(({ published }) => published)).toHaveLength(1);
  expect(done.filter(({ outcome }) => outcome === "prepared")).toHaveLength(1);
  const refused = presses.flatMap((press) => (press.status === "rejected" ? [press.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ["CONFLICT"] : []));
  expect(await db.delivery.count()).toBe(7);
  expect(await stored(issue.id)).toMatchObject({ state: "PUBLISHED", audienceCount: 7 });
}, 120_000);

test("missed moments are counted from the clock that is given", () => {
  expect(missedBefore(SLOT, { catchUpHours: 24 })).toEqual(hoursAfter(-24));
});
