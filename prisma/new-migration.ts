import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_FILTERS, readMigrations } from "./migrate";
import { MIGRATIONS_FOLDER, SCHEMA_PATH, withSchemaEngine } from "./schema-engine";

/**
 * `npx tsx prisma/new-migration.ts <name>` writes the step from the last migration's schema (kept beside its SQL) to
 * schema.prisma. DATABASE_URL may name any Postgres: the engine asks it for its version and changes nothing. Read the SQL before you commit it.
 */
async function main(): Promise<void> {
  const name = process.argv[2];
  const url = process.env.DATABASE_URL;
  if (!url || !name || !/^[a-z0-9_]+$/.test(name)) {
    throw new Error("Usage: DATABASE_URL=postgres://… npx tsx prisma/new-migration.ts <name_in_snake_case>");
  }
  const script = await withSchemaEngine(url, async (engine) => {
    const { stdout } = await engine.diff({
      from: await lastMigratedSchema(),
      to: await schemaAt(SCHEMA_PATH),
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    return stdout ?? "";
  });
  if (script.trim() === "" || script.includes("This is an empty migration")) {
    console.log("schema.prisma is the schema of the last migration already.");
    return;
  }
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join(MIGRATIONS_FOLDER, `${stamp}_${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "migration.sql"), script);
  await copyFile(SCHEMA_PATH, join(folder, "schema.prisma"));
  console.log(`Wrote ${folder}/migration.sql`);
}

async function schemaAt(path: string) {
  return { tag: "schemaDatamodel" as const, files: [{ path, content: await readFile(path, "utf8") }] };
}

async function lastMigratedSchema() {
  const { migrationDirectories } = await readMigrations();
  const last = migrationDirectories.at(-1);
  return last ? schemaAt(join(MIGRATIONS_FOLDER, last.path, "schema.prisma")) : { tag: "empty" as const };
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
