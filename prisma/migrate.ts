import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationList } from "@prisma/schema-engine-wasm";
import pg from "pg";
import { ensureJobSchema } from "@/lib/jobs";
import { MIGRATIONS_FOLDER, withSchemaEngine } from "./schema-engine";

/** Any number that every Masthead process agrees on: the lock that lets one of them migrate at a time. */
const MIGRATION_LOCK = 7_266_301;
const OLDEST_POSTGRES = 14;
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: await readFile(join(folder, name, "migration.sql"), "utf8"),
        },
      },
    })),
  );
  return {
    baseDir: folder,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(folder, "migration_lock.toml"), "utf8"),
    },
    migrationDirectories,
    shadowDbInitScript: "",
  };
}

/** `server` is what Postgres says of itself in server_version_num: 140005 for 14.5. Throws on one that is too old. */
export function requireVersion(server: number): void {
  if (server >= OLDEST_POSTGRES * 10_000) return;
  throw new Error(
    `PostgreSQL ${Math.floor(server / 10_000)} is too old; version ${OLDEST_POSTGRES} or later is needed.`,
  );
}

/**
 * Brings the database at `url` up to date, the queue of jobs included, and returns the names of the migrations that it
 * applied. Safe to run again and by several processes at once: the others wait, then find nothing to do. Each migration is
 * made whole or not at all, and holds nobody up for longer than two seconds while it waits for its tables.
 */
export async function applyMigrations(url: string, { folder = MIGRATIONS_FOLDER } = {}): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    const { rows } = await lock.query("SELECT current_setting('server_version_num')::int AS version");
    requireVersion(rows[0].version);
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await forgetUnfinished(lock);
    const migrationsList = await readMigrations(folder);
    const applied = await withSchemaEngine(url, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
      return appliedMigrationNames;
    }).catch(async (error: unknown) => {
      throw new Error(await inPlainWords(lock, error), { cause: error });
    });
    await ensureJobSchema(url);
    return applied;
  } finally {
    await lock.end();
  }
}

/** Which migration it was and why, without the engine's own trace, which follows the reason. */
async function inPlainWords(client: pg.Client, error: unknown): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^external connector error\n/, "").split(/\n\s+0: /)[0];
  const { rows } = await client
    .query(`SELECT migration_name FROM _prisma_migrations WHERE ${UNFINISHED}`)
    // The database may be gone, or without that table; the reason is told all the same.
    .catch(() => ({ rows: [] }));
  const name = rows[0]?.migration_name;
  return name ? `The migration ${name} failed, and nothing of it was applied. ${reason}` : `${reason}`;
}

const UNFINISHED = "finished_at IS NULL AND rolled_back_at IS NULL";

/** Nothing of them is in the database; the engine would refuse to go on until somebody says so. */
async function forgetUnfinished(client: pg.Client): Promise<void> {
  const { rows } = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known");
  if (!rows[0].known) return;
  await client.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE ${UNFINISHED}`);
}
