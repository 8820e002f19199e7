/**
 * Counts what may leave over all workers together, by the database's clock: a generic cell rate algorithm (ITU-T
 * I.371), which keeps of each scope the moment at which it would be idle again. Never allows more than a rate in any
 * span of its length: a twentieth of it may leave at once, and the steady flow is slower by as much.
 */
import type { Database } from "@/lib/db";
import { Prisma } from "@/prisma/generated/client";
import { DATABASE_NOW } from "../clock";
import type { Ledger } from "../ledger";
import type { Rate } from "./limits";

export type Grant = {
  /** How many of those asked for may leave now. */
  messages: number;
  /** Until the next one may leave, where not all were granted. */
  waitSeconds: number;
};

const BURST_SHARE = 20;

/** Seconds between two messages of the steady flow, and how far ahead of it the first ones may be. */
export function paceOf({ messages, perSeconds }: Rate): { interval: number; tolerance: number } {
  const burst = Math.max(1, Math.floor(messages / BURST_SHARE));
  const interval = perSeconds / Math.max(messages - burst + 1, 1);
  return { interval, tolerance: interval * (burst - 1) };
}

/** Takes what it grants: who does not use all of it gives the rest back. */
export async function takeFromBudget(
  ledger: Ledger,
  ask: { scope: string; messages: number; rate: Rate },
): Promise<Grant> {
  const { interval, tolerance } = paceOf(ask.rate);
  await ledger.query(Prisma.sql`
    INSERT INTO "SendingBudget" (scope, "idleAt") VALUES (${ask.scope}, ${DATABASE_NOW}) ON CONFLICT DO NOTHING`);
  const [grant] = await ledger.query<Grant>(Prisma.sql`
    WITH locked AS (
      SELECT scope, "idleAt", ${DATABASE_NOW} AS now FROM "SendingBudget" WHERE scope = ${ask.scope} FOR UPDATE
    ), counted AS (
      SELECT scope, now, GREATEST("idleAt", now) AS idle, LEAST(${ask.messages}::int, GREATEST(0,
        1 + floor((${tolerance}::float8 - EXTRACT(EPOCH FROM GREATEST("idleAt", now) - now)::float8)
          / ${interval}::float8 + 1e-6)::int)) AS messages
      FROM locked
    )
    UPDATE "SendingBudget" b SET "idleAt" = c.idle + make_interval(secs => c.messages * ${interval}::float8)
    FROM counted c WHERE b.scope = c.scope
    RETURNING c.messages,
      GREATEST(0, EXTRACT(EPOCH FROM b."idleAt" - c.now)::float8 - ${tolerance}::float8) AS "waitSeconds"`);
  return grant ?? { messages: 0, waitSeconds: 1 };
}

export async function giveBackToBudget(
  ledger: Ledger,
  unused: { scope: string; messages: number; rate: Rate },
): Promise<void> {
  if (unused.messages <= 0) return;
  const seconds = unused.messages * paceOf(unused.rate).interval;
  await ledger.query(Prisma.sql`
    UPDATE "SendingBudget" SET "idleAt" = "idleAt" - make_interval(secs => ${seconds}::float8)
    WHERE scope = ${unused.scope}`);
}

/** For what is counted by the day and may leave as fast as it can. Takes what it grants. */
export async function takeFromDay(
  ledger: Ledger,
  ask: { scope: string; messages: number; allowance: number },
): Promise<number> {
  await ledger.query(Prisma.sql`
    INSERT INTO "SendingBudget" (scope, "idleAt") VALUES (${ask.scope}, ${DATABASE_NOW}) ON CONFLICT DO NOTHING`);
  const [grant] = await ledger.query<{ messages: number }>(Prisma.sql`
    WITH locked AS (SELECT scope, used FROM "SendingBudget" WHERE scope = ${ask.scope} FOR UPDATE)
    UPDATE "SendingBudget" b
    SET used = l.used + GREATEST(0, LEAST(${ask.messages}::int, ${ask.allowance}::int - l.used))
    FROM locked l WHERE b.scope = l.scope RETURNING b.used - l.used AS messages`);
  return grant?.messages ?? 0;
}

export async function giveBackToDay(
  ledger: Ledger,
  unused: { scope: string; messages: number },
): Promise<void> {
  if (unused.messages <= 0) return;
  await ledger.query(Prisma.sql`
    UPDATE "SendingBudget" SET used = GREATEST(0, used - ${unused.messages}::int) WHERE scope = ${unused.scope}`);
}

const FORGOTTEN_AFTER_MS = 3 * 86_400_000;

/** Scopes that nothing was sent in for days, such as those of a limit that was changed. */
export async function pruneBudgets(db: Database, { now }: { now: Date }): Promise<void> {
  const before = new Date(now.getTime() - FORGOTTEN_AFTER_MS);
  await db.sendingBudget.deleteMany({ where: { idleAt: { lt: before } } });
}
