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

  const empty = () => emptyAll(opened().db);
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

/** Bytes of a table: what is deleted is still read past by those who come after. */
const WORTH_TRUNCATING = 1_000_000;

/**
 * Deletes where there is something to delete: `TRUNCATE` makes new files for each table and index, which takes twenty
 * times as long. The lock waits, as `TRUNCATE` would, for whatever a test has left running; foreign keys and triggers
 * sleep meanwhile.
 */
async function emptyAll(db: Database): Promise<void> {
  await db.$executeRawUnsafe(`DO $$
    DECLARE
      tables text[];
      name text;
    BEGIN
      SELECT array_agg(oid::regclass) INTO tables FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations';
      EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN ACCESS EXCLUSIVE MODE';
      PERFORM set_config('session_replication_role', 'replica', true);
      FOREACH name IN ARRAY tables LOOP
        CASE
          WHEN pg_relation_size(name::regclass) = 0 THEN CONTINUE;
          WHEN pg_relation_size(name::regclass) < ${WORTH_TRUNCATING} THEN EXECUTE 'DELETE FROM ' || name;
          ELSE EXECUTE 'TRUNCATE ' || name || ' CASCADE';
        END CASE;
      END LOOP;
      PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
    END $$`);
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
