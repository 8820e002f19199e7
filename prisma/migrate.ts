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

export async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: await readFile(join(MIGRATIONS_FOLDER, name, "migration.sql"), "utf8"),
        },
      },
    })),
  );
  return {
    baseDir: MIGRATIONS_FOLDER,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(MIGRATIONS_FOLDER, "migration_lock.toml"), "utf8"),
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
 * applied. Safe to run again and by several processes at once: the others wait, then find nothing to do.
 */
export async function applyMigrations(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    const { rows } = await lock.query("SELECT current_setting('server_version_num')::int AS version");
    requireVersion(rows[0].version);
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const migrationsList = await readMigrations();
    const applied = await withSchemaEngine(url, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
      return appliedMigrationNames;
    });
    await ensureJobSchema(url);
    return applied;
  } finally {
    await lock.end();
  }
}
