import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyMigrations } from "./migrate";
import { MIGRATIONS_FOLDER } from "./schema-engine";
import { useTestDatabase } from "./test-database";

const database = useTestDatabase();
let folder: string;
const opened: pg.Client[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-migrations-"));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
});

afterEach(async () => {
  for (const client of opened.splice(0)) await client.end();
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, script: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), script);
  return name;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  opened.push(client);
  return client;
}

const apply = () => applyMigrations(database.url, { folder });

async function columnsOf(table: string): Promise<string[]> {
  const rows = await database.db.$queryRaw<{ name: string }[]>`
    SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = ${table}`;
  return rows.map(({ name }) => name);
}

test("a migration is applied once", async () => {
  const name = await write("29990101000000_first", 'ALTER TABLE "RateLimit" ADD COLUMN first INT;');
  expect(await apply()).toEqual([name]);
  expect(await apply()).toEqual([]);
  expect(await columnsOf("RateLimit")).toContain("first");
});

test("one that fails leaves nothing behind, says why, and can be mended and run again", async () => {
  const name = await write(
    "29990102000000_second",
    'ALTER TABLE "RateLimit" ADD COLUMN second INT; ALTER TABLE "NoSuchTable" ADD COLUMN second INT;',
  );
  await expect(apply()).rejects.toThrow(
    `The migration ${name} failed, and nothing of it was applied. No such table: NoSuchTable`,
  );
  expect(await columnsOf("RateLimit")).not.toContain("second");
  await write(name, 'ALTER TABLE "RateLimit" ADD COLUMN second INT;');
  expect(await apply()).toEqual([name]);
});

test("a semicolon inside of a function or a text ends no statement", async () => {
  await write(
    "29990103000000_third",
    `CREATE FUNCTION third() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END $$; COMMENT ON FUNCTION third() IS 'x; y';`,
  );
  await apply();
  expect(await database.db.$queryRaw`SELECT third()`).toEqual([{ third: "a;b" }]);
});

test("readers are not held up by a migration that waits for somebody else's transaction", async () => {
  const name = await write("29990104000000_fourth", 'ALTER TABLE "Issue" ADD COLUMN fourth INT;');
  const slow = await connect();
  await slow.query('BEGIN; SELECT FROM "Issue"');
  const applying = apply();
  const watcher = await connect();
  await expect
    .poll(
      async () => {
        const { rows } = await watcher.query(
          "SELECT count(*)::int AS waiting FROM pg_locks WHERE relation = '\"Issue\"'::regclass AND NOT granted",
        );
        return rows[0].waiting;
      },
      { interval: 5, timeout: 30_000 },
    )
    .toBe(1);

  // Answered while the slow transaction is still open: else this would wait for ever.
  await watcher.query('SELECT FROM "Issue"');
  await slow.query("COMMIT");
  expect(await applying).toEqual([name]);
});

test("what was noted as begun by a process that died is made as if for the first time", async () => {
  const name = await write("29990105000000_fifth", 'ALTER TABLE "RateLimit" ADD COLUMN fifth INT;');
  await database.db.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('died', 'unknown', ${name})`;
  expect(await apply()).toEqual([name]);
  expect(await columnsOf("RateLimit")).toContain("fifth");
});

test("two processes at once apply each migration once", async () => {
  const name = await write("29990106000000_sixth", 'ALTER TABLE "RateLimit" ADD COLUMN sixth INT;');
  const answers = await Promise.all([apply(), apply()]);
  expect(answers.flat()).toEqual([name]);
});
