import { expect, it } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { pruneRateLimits, takeToken } from "./rate-limit";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00Z");
const take = (seconds = 0, key = "sign-up:client:198.51.100.7") =>
  takeToken(database.db, {
    key,
    limit: 3,
    windowSeconds: 60,
    now: new Date(NOW.getTime() + seconds * 1_000),
  });

it("allows as many as the limit says, also when they come all at once", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => take()));
  expect(answers.filter((answer) => answer.allowed)).toHaveLength(3);
});

it("says when trying again makes sense, and then begins anew", async () => {
  for (const seconds of [0, 1, 2]) await take(seconds);
  expect(await take(20)).toEqual({ allowed: false, retryAfterSeconds: 40 });
  expect(await take(59)).toEqual({ allowed: false, retryAfterSeconds: 1 });
  expect(await take(60)).toEqual({ allowed: true, retryAfterSeconds: 60 });
});

it("counts each key for itself and keeps none of them readable", async () => {
  await take();
  await take(0, "sign-up:client:198.51.100.8");
  const rows = await database.db.rateLimit.findMany();
  expect(rows.map((row) => row.count)).toEqual([1, 1]);
  expect(JSON.stringify(rows)).not.toContain("198.51.100");
});

it("keeps the moment that it was given, in UTC", async () => {
  await take();
  expect((await database.db.rateLimit.findFirstOrThrow()).windowStart).toEqual(NOW);
});

it("forgets what no window needs any more", async () => {
  await take();
  expect(await pruneRateLimits(database.db, { now: new Date(NOW.getTime() + 86_400_000) })).toBe(0);
  expect(await pruneRateLimits(database.db, { now: new Date(NOW.getTime() + 3 * 86_400_000) })).toBe(1);
});
