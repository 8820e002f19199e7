import { beforeEach, expect, test } from "vitest";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { mailTestIssue } from "./test-mail";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-24T09:00:00Z");

beforeEach(async () => {
  await createPublication(database.db);
});

test("each press is one mail to the author alone, even two in the same millisecond", async () => {
  const author = await createSubscriber(database.db);
  await createSubscriber(database.db);
  const { id } = await createIssue(database.db);
  const to = { subscriberId: author.id, email: author.email };
  await Promise.all(
    (["WHOLE", "TEASER"] as const).map((variant) =>
      mailTestIssue(database.db, { issueId: id, variant, to }, { now }),
    ),
  );
  const notices = await database.db.notice.findMany();
  expect(notices.map((notice) => notice.email)).toEqual([author.email, author.email]);
  expect(notices.map((notice) => (notice.data as { variant: string }).variant).sort()).toEqual([
    "TEASER",
    "WHOLE",
  ]);
  expect(await database.db.delivery.count()).toBe(0);
});

test("an issue without a title, or one that is gone, is refused and mails nobody", async () => {
  const author = await createSubscriber(database.db);
  const to = { subscriberId: author.id, email: author.email };
  const { id } = await createIssue(database.db, { title: "" });
  await expect(
    mailTestIssue(database.db, { issueId: id, variant: "WHOLE", to }, { now }),
  ).rejects.toMatchObject({ code: "INVALID" });
  await expect(
    mailTestIssue(database.db, { issueId: crypto.randomUUID(), variant: "WHOLE", to }, { now }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await database.db.notice.count()).toBe(0);
});
