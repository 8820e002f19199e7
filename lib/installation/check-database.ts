/** What the doctor asks of the database. Reads only. */
import type { Database } from "@/lib/db";
import { findMailTrouble } from "@/lib/deliveries/mail-trouble";
import { judgeClock } from "./check-limits";
import { type Finding, fail, ok, reasonOf, warn } from "./findings";
import { measureClock } from "./health/facts";
import { workerState } from "./health/judge";
import { HELD } from "./restore";
import { getVitals } from "./vitals";

export async function checkDatabase(
  db: Database,
  expected: { migrations: readonly string[]; now: () => Date },
): Promise<Finding[]> {
  let clock: Awaited<ReturnType<typeof measureClock>>;
  try {
    clock = await measureClock(db, expected.now);
  } catch (error) {
    return [
      fail(
        "Database",
        `does not answer (${reasonOf(error)})`,
        "Start it, or correct DATABASE_URL: address, account, password, name.",
      ),
    ];
  }
  return [
    ok("Database", `PostgreSQL ${clock.postgres} answers`),
    await checkMigrations(db, expected.migrations),
    judgeClock(clock.clockAheadMs),
    await checkPublication(db),
    await checkWorker(db),
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

async function checkWorker(db: Database): Promise<Finding> {
  const advice = "Start it: `npm run worker`. Without it nothing is published or mailed.";
  const asked = await Promise.all([getVitals(db), findMailTrouble(db)]).catch(() => null);
  if (!asked) return warn("Worker", "cannot be asked for", "Run `npm run migrate`.");
  const [vitals, trouble] = asked;
  const { state, silentForSeconds } = workerState(vitals);
  if (state === "never-seen") return warn("Worker", "none runs", advice);
  const says = `last seen ${silentForSeconds} s ago`;
  if (state === "silent") return fail("Worker", says, advice);
  if (trouble === null) return ok("Worker", says);
  return warn(
    "Worker",
    `${says}; when it last had mail to send, it could not use the mail server (${trouble})`,
    "Where the doctor can, the worker runs with another SMTP_URL or on another network; else see Mail server.",
  );
}
