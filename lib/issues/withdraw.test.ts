import { beforeEach, describe, expect, test } from "vitest";
import { pauseSending } from "@/lib/deliveries/pause";
import { createIssue, createPublication, createPublishedIssue, createSubscriber } from "@/prisma/factories";
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

test("a withdrawn issue leaves the archive, its mail held, and comes back under its first date", async () => {
  const { id, slug, publishedAt } = await createPublishedIssue(database.db);
  await withdrawIssue(database.db, id, { now });
  expect(await stored(id)).toMatchObject({ state: "DRAFT", withdrawnAt: now, sendingPausedAt: now });
  expect(await listed()).not.toContain(slug);
  await restoreWithdrawn(database.db, id);
  expect(await stored(id)).toMatchObject({ state: "PUBLISHED", withdrawnAt: null, publishedAt });
  expect(await listed()).toContain(slug);
});

describe("putting it back", () => {
  const frozen = { audienceFrozenAt: now };
  test.each([
    ["mail that waits goes on waiting", "QUEUED", frozen, now],
    ["mail that is tried again later goes on waiting", "DEFERRED", frozen, now],
    ["a message in flight goes on waiting for its answer", "SENDING", frozen, now],
    ["nothing is held where everybody was sent it", "SENT", frozen, null],
    ["nothing is held where the rest failed", "FAILED", frozen, null],
    ["nothing is held where nobody was to get it", null, frozen, null],
    ["an audience that is not written yet waits, too", null, {}, now],
    ["nothing is held of what goes by no mail", null, { sendsMail: false }, null],
    ["nothing is held of a page", null, { kind: "PAGE", number: null }, null],
  ] as const)("%s", async (_what, state, issue, sendingPausedAt) => {
    const { id } = await createPublishedIssue(database.db, issue);
    if (state !== null) {
      const { id: subscriberId } = await createSubscriber(database.db);
      await database.db.delivery.create({
        data: { issueId: id, subscriberId, state, messageId: `${state}@masthead.test` },
      });
    }
    await withdrawIssue(database.db, id, { now });
    await restoreWithdrawn(database.db, id);
    expect(await stored(id)).toMatchObject({
      state: "PUBLISHED",
      sendingPausedAt,
      sendingPausedReason:
        sendingPausedAt === null ? null : expect.stringContaining("waits until you go on sending"),
    });
  });
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
