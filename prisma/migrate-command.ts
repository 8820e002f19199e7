/**
 * `npm run migrate`: brings the database of DATABASE_URL up to date and, with --set-up, gives an empty one its settings.
 * May run again and beside others. Apart from `migrate.ts`, because that must work before the client is generated.
 */
import { createDatabase } from "@/lib/db";
import { applyMigrations } from "./migrate";
import { ensurePublication } from "./setup";

async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set. Name the database to migrate, as in postgres://…");
  const applied = await applyMigrations(url);
  const db = createDatabase(url, { connections: 1 });
  if (process.argv.includes("--set-up") && (await ensurePublication(db)))
    console.log("Made an empty publication.");
  await db.$disconnect();
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
