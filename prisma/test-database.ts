import pg from "pg";
import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import { createDatabase, type Database } from "@/lib/db";

export interface TestDatabase {
  /** Available inside hooks and tests, not while the file is being collected. */
  readonly db: Database;
  readonly url: string;
  /** Removes every row of every table and starts the sequences again. */
  empty(): Promise<void>;
}

/**
 * Gives the test file a real, migrated, empty database of its own; call it at the top of the file or of a `describe`.
 * Rows stay between the tests of a file unless `emptyEachTime` is set.
 */
export function useTestDatabase(options: { emptyEachTime?: boolean } = {}): TestDatabase {
  let current: { db: Database; url: string } | undefined;
  const opened = () => {
    if (!current) throw new Error("The test database exists only inside hooks and tests.");
    return current;
  };

  beforeAll(async () => {
    const response = await fetch(inject("testDatabaseDesk"), { method: "POST" });
    const answer = await response.text();
    if (!response.ok) throw new Error(`No test database: ${answer}`);
    current = { db: createDatabase(answer, { connections: 4 }), url: answer };
  }, 60_000);

  afterAll(async () => {
    if (!current) return;
    await current.db.$disconnect();
    await drop(current.url);
    current = undefined;
  });

  const empty = () => truncateAll(opened().db);
  if (options.emptyEachTime) beforeEach(empty);

  return {
    get db() {
      return opened().db;
    },
    get url() {
      return opened().url;
    },
    empty,
  };
}

async function truncateAll(db: Database): Promise<void> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`;
  const names = tables.map((table) => table.name).join(", ");
  await db.$executeRawUnsafe(`TRUNCATE ${names} RESTART IDENTITY CASCADE`);
}

async function drop(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`DROP DATABASE ${client.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
