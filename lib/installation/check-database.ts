/** What the doctor asks of the database. Reads only. */
import type { Database } from "@/lib/db";
import { type Finding, fail, ok, reasonOf, warn } from "./findings";
import { HELD } from "./restore";

const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 30_000;
/** As the health address has it. */
const WORKER_SILENT_MS = 60_000;

export async function checkDatabase(
  db: Database,
  expected: { migrations: readonly string[]; now: () => Date },
): Promise<Finding[]> {
  let before: Date;
  let answer: { now: Date; version: string } | undefined;
  let after: Date;
  try {
    // The first question also connects, which takes its time.
    await db.$queryRaw`SELECT 1`;
    before = expected.now();
    [answer] = await db.$queryRaw<
      { now: Date; version: string }[]
    >`SELECT clock_timestamp() AS now, current_setting('server_version') AS version`;
    after = expected.now();
  } catch (error) {
    return [
      fail(
        "Database",
        `does not answer (${reasonOf(error)})`,
        "Start it, or correct DATABASE_URL: address, account, password, name.",
      ),
    ];
  }
  if (!answer) return [];
  const middle = (before.getTime() + after.getTime()) / 2;
  return [
    ok("Database", `PostgreSQL ${answer.version} answers`),
    await checkMigrations(db, expected.migrations),
    checkClock(answer.now.getTime() - middle),
    await checkPublication(db),
    await checkWorker(db, answer.now),
    await checkRestore(db),
  ];
}

async function checkMigrations(db: Database, expected: readonly string[]): Promise<Finding> {
  const advice = "Run `npm run migrate`.";
  let applied: Set<string>;
  try {
    const rows = await db.$queryRaw<{ name: string }[]>`
      SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL`;
    applied = new Set(rows.map(({ name }) => name));
  } catch {
    return fail("Migrations", "the database is empty", advice);
  }
  const missing = expected.filter((name) => !applied.has(name));
  if (missing.length > 0) return fail("Migrations", `${missing.length} are not applied`, advice);
  const newer = applied.size - expected.length;
  if (newer > 0) {
    return fail(
      "Migrations",
      `the database is ${newer} ahead of this code`,
      "Run the newer version, or restore the backup from before the upgrade.",
    );
  }
  return ok("Migrations", `all ${expected.length} applied`);
}

function checkClock(differenceMs: number): Finding {
  const size = Math.abs(differenceMs);
  const says = `this machine and the database differ by ${(size / 1_000).toFixed(1)} s`;
  const advice = "Let both keep their clocks by NTP: codes, links and leases depend on it.";
  if (size > CLOCK_FAIL_MS) return fail("Clock", says, advice);
  return size > CLOCK_WARN_MS ? warn("Clock", says, advice) : ok("Clock", says);
}

async function checkPublication(db: Database): Promise<Finding> {
  const row = await db.publication.findUnique({ where: { id: 1 } }).catch(() => null);
  if (!row) return fail("Publication", "has no settings yet", "Run `npm run migrate`.");
  if (/^Write your postal address/.test(row.postalAddress) || row.postalAddress.trim() === "") {
    return warn(
      "Publication",
      "has no postal address",
      "Write it at /admin/settings; every mail must carry one.",
    );
  }
  return ok("Publication", row.name);
}

/** Whether issues wait since a backup was restored. */
export async function checkRestore(db: Database): Promise<Finding> {
  const [held, mark] = await Promise.all([
    db.issue.count({ where: { sendingPausedReason: HELD } }),
    db.installation.findUnique({ where: { id: 1 }, select: { restoredAt: true } }),
  ]).catch(() => [0, null] as const);
  if (held === 0) return ok("Restore", "no issue is held because of one");
  const since = mark?.restoredAt ? ` (noticed ${mark.restoredAt.toISOString()})` : "";
  return warn(
    "Restore",
    `${held} ${held === 1 ? "issue is" : "issues are"} held: a backup was restored, or this installation moved${since}`,
    "Look at what readers got, then decide on each at /admin: nothing of it goes out by itself.",
  );
}

async function checkWorker(db: Database, now: Date): Promise<Finding> {
  const advice = "Start it: `npm run worker`. Without it nothing is published or mailed.";
  const newest = await db.workerHeartbeat
    .findFirst({ orderBy: { seenAt: "desc" }, select: { seenAt: true } })
    .catch(() => null);
  if (!newest) return warn("Worker", "none runs", advice);
  const silentMs = Math.max(0, now.getTime() - newest.seenAt.getTime());
  const says = `last seen ${Math.round(silentMs / 1_000)} s ago`;
  return silentMs > WORKER_SILENT_MS ? fail("Worker", says, advice) : ok("Worker", says);
}
