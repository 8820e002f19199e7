import { expect, test } from "vitest";
import { createPublishedIssue, createSubscriber } from "@/prisma/factories";
import type { DeliveryState } from "@/prisma/generated/enums";
import { useTestDatabase } from "@/prisma/test-database";
import { readTimeline } from "./timeline";

const database = useTestDatabase({ emptyEachTime: true });
const WRITTEN = new Date("2026-11-27T09:00:00Z");
const ANSWERED = new Date("2026-11-27T09:14:00Z");
const TAKEN = new Date("2026-11-27T09:12:00Z");

test.each<[DeliveryState, Date | null, Date]>([
  ["SENT", TAKEN, TAKEN],
  ["FAILED", null, ANSWERED],
  ["UNCERTAIN", null, ANSWERED],
  ["QUEUED", null, WRITTEN],
])("an issue that is %s stands at the moment of its last answer", async (state, sentAt, at) => {
  const { db } = database;
  const { id: subscriberId } = await createSubscriber(db);
  const issue = await createPublishedIssue(db);
  await db.delivery.create({
    data: {
      issueId: issue.id,
      subscriberId,
      messageId: "<a@masthead.test>",
      state,
      sentAt,
      createdAt: WRITTEN,
      nextAttemptAt: ANSWERED,
    },
  });
  const { moments } = await readTimeline(db, subscriberId);
  expect(moments.filter(({ kind }) => kind === "issue").map((moment) => moment.at)).toEqual([at]);
});
