import { beforeEach, expect, test } from "vitest";
import { pauseSending } from "@/lib/deliveries/pause";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listPublished } from "./queries";
import { restoreWithdrawn, withdrawIssue } from "./withdraw";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-27T10:00:00Z");

beforeEach(async () => {
  await createPublication(database.db);
});

const stored = (id: string) => database.db.issue.findUniqueOrThrow({ where: { id } });
const listed = async () => (await listPublished(database.db, { now })).issues.map((issue) => issue.slug);

test("a withdrawn issue leaves the archive with its waiting mail held, and comes back under its first date", async () => {
  const { id, slug, publishedAt } = await createPublishedIssue(database.db);
  await withdrawIssue(database.db, id, { now });
  expect(await stored(id)).toMatchObject({ state: "DRAFT", withdrawnAt: now, sendingPausedAt: now });
  expect(await listed()).not.toContain(slug);
  await restoreWithdrawn(database.db, id);
  expect(await stored(id)).toMatchObject({
    state: "PUBLISHED",
    withdrawnAt: null,
    publishedAt,
    sendingPausedAt: null,
    sendingPausedReason: null,
  });
  expect(await listed()).toContain(slug);
});

test("putting it back does not end a pause that the author had made before", async () => {
  const { id } = await createPublishedIssue(database.db);
  await pauseSending(database.db, id, { reason: "Paused by the author.", now });
  await withdrawIssue(database.db, id, { now });
  await restoreWithdrawn(database.db, id);
  expect(await stored(id)).toMatchObject({
    state: "PUBLISHED",
    sendingPausedAt: now,
    sendingPausedReason: "Paused by the author.",
  });
});

test("only what is published can be withdrawn, and only what was withdrawn comes back", async () => {
  const draft = await createIssue(database.db);
  const scheduled = await createIssue(database.db, { state: "SCHEDULED", scheduledFor: now });
  const published = await createPublishedIssue(database.db);
  await withdrawIssue(database.db, published.id, { now });
  for (const { id } of [draft, scheduled, published])
    await expect(withdrawIssue(database.db, id, { now })).rejects.toMatchObject({ code: "CONFLICT" });
  await restoreWithdrawn(database.db, published.id);
  for (const { id } of [draft, scheduled, published])
    await expect(restoreWithdrawn(database.db, id)).rejects.toMatchObject({ code: "CONFLICT" });
});
