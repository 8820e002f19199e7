/**
 * Notices that the database was put back to an earlier state, or that this machine never saw it, and then holds all
 * sending until the author decides issue by issue: mail that went out since would go out again. For that, workers count
 * a generation up in the database and keep it beside their journals. May run any number of times and from several
 * workers. Never sends, and never lets go what was held.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Database, databaseNow, type Transaction } from "@/lib/db";
import { skipGivenIds } from "@/lib/deliveries/delivery-ids";
import { log } from "@/lib/log";

export type Verdict =
  /** The database that this machine knows, as it left it or later. */
  | "went-on"
  /** Nobody worked on this database before, or somebody works on it right now. */
  | "joined"
  /** It is behind what this machine saw of it. */
  | "restored"
  /** Work went on elsewhere, and nothing here tells how far. */
  | "unknown-here";

export const HELD =
  "A backup was restored, or this installation moved: what went out before may not be known here.";

const FILE = "installation.json";
const markSchema = z.object({ mark: z.string(), generation: z.number().int() });
type Mark = z.infer<typeof markSchema>;
type Kept = Mark & { markedAt: Date; databaseId: string | null };

/** Somebody who marked it so lately is at work, so this is one more machine and no moved one. */
const AT_WORK_MS = 60_000;

/** Pure. `here` is what this machine kept, `there` what the database says, `databaseId` the database that says it. */
export function judge(
  here: Mark | null,
  there: Kept | null,
  { now, databaseId }: { now: Date; databaseId: string | null },
): Verdict {
  if (!there) return here ? "restored" : "joined";
  if (here?.mark === there.mark) return here.generation > there.generation ? "restored" : "went-on";
  const isCopy = there.databaseId !== null && databaseId !== null && there.databaseId !== databaseId;
  if (!isCopy && now.getTime() - there.markedAt.getTime() < AT_WORK_MS) return "joined";
  return "unknown-here";
}

/** Looks, holds where it must, and counts on. `held` issues wait for the author because of this call. */
export async function keepMark(
  db: Database,
  { folder }: { folder: string },
): Promise<{ verdict: Verdict; held: number }> {
  // The file first: what it says was in the database before, so a sound database is never behind it.
  const here = await readMark(folder);
  const { mark, ...outcome } = await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('installation', 0))`;
    const now = await databaseNow(tx);
    const there = await tx.installation.findUnique({ where: { id: 1 } });
    const databaseId = await readDatabaseId(tx);
    const verdict = judge(here, there, { now, databaseId });
    const isKnown = verdict === "went-on" || verdict === "joined";
    const held = isKnown ? 0 : await holdAll(tx, there?.markedAt ?? now, now);
    if (!isKnown) await skipGivenIds(tx);
    const next = {
      mark: there?.mark ?? randomUUID(),
      generation:
        Math.max(there?.generation ?? 0, here?.mark === there?.mark ? (here?.generation ?? 0) : 0) + 1,
    };
    const noticed = verdict === "restored" || held > 0 ? { restoredAt: now } : {};
    const row = { ...next, markedAt: now, databaseId, ...noticed };
    await tx.installation.upsert({ where: { id: 1 }, create: { id: 1, ...row }, update: row });
    return { verdict, held, mark: next };
  });
  if (outcome.verdict === "restored" || outcome.held > 0)
    log.warn({ event: "installation.restored", ...outcome }, "sending waits for the author");
  await writeMark(folder, mark);
  return outcome;
}

/** Tells a copy, made by a dump or a template, from the original; null where Postgres does not let this role ask. */
async function readDatabaseId(tx: Transaction): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string | null }[]>`
    SELECT CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
      THEN (SELECT system_identifier FROM pg_control_system()) || '/' || oid END AS id
    FROM pg_database WHERE datname = current_database()`;
  return row?.id ?? null;
}

/** Everything that would go out by itself; and mails of the outbox from before, which went out long ago. */
async function holdAll(tx: Transaction, markedAt: Date, now: Date): Promise<number> {
  const { count } = await tx.issue.updateMany({
    where: {
      sendingPausedAt: null,
      OR: [
        { scheduledFor: { not: null } },
        { kind: "ISSUE", state: "PUBLISHED", sendsMail: true, audienceFrozenAt: null, withdrawnAt: null },
        { deliveries: { some: { state: { in: ["QUEUED", "SENDING", "DEFERRED", "UNCERTAIN"] } } } },
      ],
    },
    data: { sendingPausedAt: now, sendingPausedReason: HELD },
  });
  await tx.notice.updateMany({
    where: { state: { in: ["QUEUED", "SENDING"] }, createdAt: { lte: markedAt } },
    data: { state: "FAILED", data: {}, leaseUntil: null, reply: "left out: a backup was restored" },
  });
  return count;
}

export type HeldIssue = { id: string; title: string };

/** Issues whose mail was on its way in the restored state. Those with a moment are told of with the missed ones. */
export async function listHeldSendings(db: Database): Promise<HeldIssue[]> {
  return db.issue.findMany({
    where: { sendingPausedReason: HELD, state: "PUBLISHED", scheduledFor: null, sendsMail: true },
    select: { id: true, title: true },
    orderBy: { publishedAt: "desc" },
  });
}

async function readMark(folder: string): Promise<Mark | null> {
  try {
    return markSchema.parse(JSON.parse(await readFile(join(folder, FILE), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code !== "ENOENT") throw error;
    return null;
  }
}

/** Whole or not at all, whatever happens meanwhile; several workers may write at once. */
async function writeMark(folder: string, mark: Mark): Promise<void> {
  await mkdir(folder, { recursive: true });
  const half = join(folder, `${FILE}.${randomUUID()}`);
  await writeFile(half, JSON.stringify(mark));
  await rename(half, join(folder, FILE));
}
