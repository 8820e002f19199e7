/**
 * Counts requests per key in Postgres, so that several machines share one count. Each call counts once, the refused
 * ones too; a window begins with the first request after the last one ended. Never stores what it counts by, only a hash.
 */
import type { Database, Transaction } from "@/lib/db";
import { keyedHash } from "@/lib/tokens";

export type Limit = { limit: number; windowSeconds: number };
export type LimitAnswer = { allowed: boolean; retryAfterSeconds: number };

/** `key` names what is counted and whom, such as `sign-up:client:203.0.113.7`. */
export async function takeToken(
  db: Database | Transaction,
  input: Limit & { key: string; now: Date },
): Promise<LimitAnswer> {
  const key = keyedHash("rate-limit", input.key);
  const windowMs = input.windowSeconds * 1_000;
  const windowFloor = new Date(input.now.getTime() - windowMs);
  const rows = await db.$queryRaw<{ count: number; windowStart: Date }[]>`
    INSERT INTO "RateLimit" ("key", "windowStart", "count") VALUES (${key}, ${input.now}::timestamp, 1)
    ON CONFLICT ("key") DO UPDATE SET
      "count" = CASE WHEN "RateLimit"."windowStart" <= ${windowFloor}::timestamp THEN 1 ELSE "RateLimit"."count" + 1 END,
      "windowStart" = CASE WHEN "RateLimit"."windowStart" <= ${windowFloor}::timestamp
        THEN ${input.now}::timestamp ELSE "RateLimit"."windowStart" END
    RETURNING "count", "windowStart"`;
  const row = rows[0];
  if (!row) throw new Error("The rate limit returned no row.");
  const endsAt = row.windowStart.getTime() + windowMs;
  return {
    allowed: row.count <= input.limit,
    retryAfterSeconds: Math.max(1, Math.ceil((endsAt - input.now.getTime()) / 1_000)),
  };
}

/** Removes counts that no window needs any more. For the worker's clean-up; safe to run at any time. */
export async function pruneRateLimits(db: Database, options: { now: Date }): Promise<number> {
  const dayAgo = new Date(options.now.getTime() - 2 * 24 * 60 * 60 * 1_000);
  const { count } = await db.rateLimit.deleteMany({ where: { windowStart: { lt: dayAgo } } });
  return count;
}
