import { expect, test } from "vitest";
import { databaseNow } from "@/lib/db";
import { createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { makeUndoToken, resubscribe, unsubscribe } from "./unsubscribe";

const database = useTestDatabase({ emptyEachTime: true });

test.each([
  ["ahead of", 3_600_000],
  ["behind", -3_600_000],
])("who comes back is due at once, also by a site whose clock is %s the database's", async (_how, offMs) => {
  const { db } = database;
  const subscriber = await createSubscriber(db, { status: "CONFIRMED" });
  const issue = await createPublishedIssue(db);
  await db.delivery.create({
    data: {
      issueId: issue.id,
      subscriberId: subscriber.id,
      messageId: "<1@x.test>",
      nextAttemptAt: new Date(0),
    },
  });
  const before = await databaseNow(db);
  const now = new Date(before.getTime() + offMs);
  await unsubscribe(db, subscriber.id, { now });
  expect(await resubscribe(db, makeUndoToken(subscriber.id, now), { now })).toBe(true);
  const { state, nextAttemptAt } = await db.delivery.findFirstOrThrow();
  expect(state).toBe("QUEUED");
  expect(nextAttemptAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(nextAttemptAt.getTime()).toBeLessThanOrEqual((await databaseNow(db)).getTime());
});
