import { beforeEach, describe, expect, test } from "vitest";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { startIssue } from "./edit";
import { listDueIssues, publishIssue, publishPage } from "./publish";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-27T09:00:00Z");
const earlier = new Date(now.getTime() - 60_000);
const later = new Date(now.getTime() + 1);

beforeEach(async () => {
  await createPublication(database.db);
});

const scheduled = (scheduledFor: Date) => createIssue(database.db, { state: "SCHEDULED", scheduledFor });
const stored = (id: string) => database.db.issue.findUniqueOrThrow({ where: { id } });

describe("publishing what is due", () => {
  test("due issues come in the order of their moments, and nothing that is not due", async () => {
    const onTime = await scheduled(now);
    const late = await scheduled(earlier);
    await scheduled(later);
    await createIssue(database.db);
    expect((await listDueIssues(database.db, now)).map((issue) => issue.id)).toEqual([late.id, onTime.id]);
  });

  test("one of several workers publishes it, once", async () => {
    const { id } = await scheduled(now);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => publishIssue(database.db, id, { now })),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await publishIssue(database.db, id, { now: later })).toBe(false);
    expect((await stored(id)).publishedAt).toEqual(now);
  });

  test("neither a draft nor an issue before its moment is published", async () => {
    const early = await scheduled(later);
    const draft = await createIssue(database.db);
    for (const { id } of [early, draft]) {
      expect(await publishIssue(database.db, id, { now })).toBe(false);
      expect((await stored(id)).publishedAt).toBeNull();
    }
  });

  test("the facts stay as they stood, whatever the settings say later", async () => {
    await Promise.all(Array.from({ length: 3 }, () => createSubscriber(database.db)));
    const { id, number } = await scheduled(now);
    await publishIssue(database.db, id, { now });
    await database.db.publication.update({ where: { id: 1 }, data: { priceCents: 900, name: "Renamed" } });
    expect(await stored(id)).toMatchObject({
      number,
      frozenFacts: {
        price: "$3/mo",
        publicationName: "The Test Gazette",
        trialDays: 7,
        subscriberCount: null,
      },
    });
  });
});

test("a new issue takes the number after the highest", async () => {
  await createIssue(database.db, { number: 41 });
  const first = await startIssue(database.db);
  const second = await startIssue(database.db);
  expect([first.number, second.number]).toEqual([42, 43]);
});

test("a page is published without mail, and only once", async () => {
  const page = await createIssue(database.db, { kind: "PAGE", number: null });
  const issue = await createIssue(database.db);
  await publishPage(database.db, page.id, { now });
  expect(await stored(page.id)).toMatchObject({ state: "PUBLISHED", publishedAt: now, sendsMail: false });
  await expect(publishPage(database.db, page.id, { now })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(publishPage(database.db, issue.id, { now })).rejects.toMatchObject({ code: "CONFLICT" });
});
