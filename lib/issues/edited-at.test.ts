import { beforeEach, describe, expect, test } from "vitest";
import { pauseSending } from "@/lib/deliveries/pause";
import { createIssue, createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { getOnDesk, listOnDesk } from "./desk-queries";
import { saveIssue } from "./edit";
import { editedAt } from "./edited-at";

const at = (time: string) => new Date(`2026-11-27T${time}Z`);

describe("the last edit", () => {
  test.each([
    ["what was never saved again was edited when it came", "09:00:00", null, "08:00:00"],
    ["a save right after a revision is told to the second", "09:04:59", "09:00:00", "09:04:59"],
    ["a change that no save can be tells the revision's moment", "09:05:00", "09:00:00", "09:00:00"],
    ["a change of days later does not count", "23:00:00", "09:00:00", "09:00:00"],
    ["a clock that was set back tells the revision's moment", "08:59:00", "09:00:00", "09:00:00"],
  ])("%s", (_what, updatedAt, revision, expected) => {
    const issue = { createdAt: at("08:00:00"), updatedAt: at(updatedAt) };
    expect(editedAt(issue, revision === null ? undefined : { createdAt: at(revision) })).toEqual(
      at(expected),
    );
  });
});

describe("on the desk", () => {
  const database = useTestDatabase({ emptyEachTime: true });
  beforeEach(async () => {
    await createPublication(database.db);
  });

  test("pausing and scheduling do not make an issue look edited", async () => {
    const { db } = database;
    const { id, version } = await createIssue(db);
    const saved = new Date(Date.now() - 3_600_000);
    await saveIssue(db, { issueId: id, version, changes: { title: "Anew" } }, { now: saved });
    await pauseSending(db, id, { reason: "Paused by the author.", now: new Date() });
    expect((await getOnDesk(db, id)).editedAt).toEqual(saved);
    const { issues } = await listOnDesk(db, { shelf: "drafts" });
    expect(issues.map((issue) => issue.editedAt)).toEqual([saved]);
  });
});
