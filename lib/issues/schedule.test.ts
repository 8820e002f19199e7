import { beforeEach, describe, expect, test } from "vitest";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { listDueIssues, publishIssue } from "./publish";
import { scheduleIssue, unscheduleIssue } from "./schedule";

const database = useTestDatabase({ emptyEachTime: true });
/** A Tuesday; the slot is Friday 09:00 in London. */
const now = new Date("2026-11-24T12:00:00Z");

beforeEach(async () => {
  await createPublication(database.db);
});

const draft = (overrides: Parameters<typeof createIssue>[1] = {}) =>
  createIssue(database.db, { audience: "MEMBERS", ...overrides });
const stored = (id: string) => database.db.issue.findUniqueOrThrow({ where: { id } });

describe("scheduling", () => {
  test.each([
    ["the next slot is the publication's own", "next-slot", "2026-11-27T09:00:00Z"],
    ["now is now", "now", "2026-11-24T12:00:00Z"],
    ["a chosen moment is kept as it is", new Date("2026-12-24T18:30:00Z"), "2026-12-24T18:30:00Z"],
    [
      "a moment that passed while the form was sent still counts",
      new Date("2026-11-24T11:59:30Z"),
      "2026-11-24T11:59:30Z",
    ],
  ] as const)("%s", async (_what, when, expected) => {
    const { id } = await draft();
    const { scheduledFor } = await scheduleIssue(database.db, { issueId: id, when }, { now });
    expect(scheduledFor).toEqual(new Date(expected));
    expect(await stored(id)).toMatchObject({ state: "SCHEDULED", scheduledFor });
  });

  test("one slot, one issue: those that ask for the next one get one each, also at once", async () => {
    const issues = await Promise.all(Array.from({ length: 3 }, () => draft()));
    const ask = (issueId: string) => scheduleIssue(database.db, { issueId, when: "next-slot" }, { now });
    const moments = await Promise.all(issues.map(({ id }) => ask(id)));
    expect(moments.map(({ scheduledFor }) => scheduledFor.toISOString()).sort()).toEqual([
      "2026-11-27T09:00:00.000Z",
      "2026-12-04T09:00:00.000Z",
      "2026-12-11T09:00:00.000Z",
    ]);
    const [first] = issues;
    const again = await ask(first?.id ?? "");
    expect((await stored(first?.id ?? "")).scheduledFor).toEqual(again.scheduledFor);
    expect(moments.map(({ scheduledFor }) => scheduledFor.getTime())).toContain(again.scheduledFor.getTime());
  });

  test.each([
    ["a past moment", new Date("2026-11-24T11:00:00Z"), /has passed/],
    ["no moment at all", new Date(Number.NaN), /date and a time/],
    ["a year that was mistyped", new Date("2062-11-24T11:00:00Z"), /two years/],
  ])("%s is refused by the field's name, and the issue stays a draft", async (_what, when, message) => {
    const { id } = await draft();
    await expect(scheduleIssue(database.db, { issueId: id, when }, { now })).rejects.toMatchObject({
      code: "INVALID",
      message: expect.stringMatching(message),
      fields: { at: expect.any(String) },
    });
    expect(await stored(id)).toMatchObject({ state: "DRAFT", scheduledFor: null });
  });

  test("what is not ready is refused with everything to mend", async () => {
    const { id } = await draft({ title: "", audience: "EVERYONE" });
    await expect(scheduleIssue(database.db, { issueId: id, when: "now" }, { now })).rejects.toMatchObject({
      code: "INVALID",
      message: expect.stringMatching(/title.*paywall/),
    });
  });

  test("scheduling twice moves the moment", async () => {
    const { id } = await draft();
    await scheduleIssue(database.db, { issueId: id, when: "now" }, { now });
    await scheduleIssue(database.db, { issueId: id, when: "next-slot" }, { now });
    expect(await listDueIssues(database.db, now)).toEqual([]);
    expect((await stored(id)).scheduledFor).toEqual(new Date("2026-11-27T09:00:00Z"));
  });

  test("pages, published issues and issues that are gone are refused", async () => {
    const page = await draft({ kind: "PAGE", number: null });
    const published = await createPublishedIssue(database.db);
    const codes = await Promise.all(
      [page.id, published.id, "01980000-0000-7000-8000-000000000000"].map((issueId) =>
        scheduleIssue(database.db, { issueId, when: "now" }, { now }).catch((error) => error.code),
      ),
    );
    expect(codes).toEqual(["INVALID", "CONFLICT", "NOT_FOUND"]);
  });

  test("a withdrawn issue that never went out is scheduled anew, and nothing holds its mail", async () => {
    const { id } = await draft({
      withdrawnAt: now,
      publishedAt: now,
      sendingPausedAt: now,
      sendingPausedReason: "The issue was withdrawn.",
    });
    await scheduleIssue(database.db, { issueId: id, when: "now" }, { now });
    expect(await stored(id)).toMatchObject({ withdrawnAt: null, sendingPausedAt: null });
  });
});

describe("taking back", () => {
  test("makes it a draft again, and once more changes nothing", async () => {
    const { id } = await draft({ state: "SCHEDULED", scheduledFor: now });
    await unscheduleIssue(database.db, id);
    await unscheduleIssue(database.db, id);
    expect(await stored(id)).toMatchObject({ state: "DRAFT", scheduledFor: null });
    expect(await publishIssue(database.db, id, { now })).toBe(false);
  });

  test("comes too late once it is published", async () => {
    const { id } = await draft({ state: "SCHEDULED", scheduledFor: now });
    expect(await publishIssue(database.db, id, { now })).toBe(true);
    await expect(unscheduleIssue(database.db, id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await stored(id)).state).toBe("PUBLISHED");
  });

  test("in a race with the worker exactly one of the two happens", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id } = await draft({ state: "SCHEDULED", scheduledFor: now });
      const takeBack = () =>
        unscheduleIssue(database.db, id).then(
          () => true,
          () => false,
        );
      const publish = () => publishIssue(database.db, id, { now });
      const [first, second] = await Promise.all(
        round % 2 ? [takeBack(), publish()] : [publish(), takeBack()],
      );
      const [takenBack, published] = round % 2 ? [first, second] : [second, first];
      expect(takenBack).toBe(!published);
      expect((await stored(id)).state).toBe(published ? "PUBLISHED" : "DRAFT");
    }
  });
});
