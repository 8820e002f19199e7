/**
 * A way to the rows of sending for who asks thousands of times a minute: statements that the database has parsed and
 * planned before, over a few connections of their own. Reads and writes what `db` does; only the road is shorter.
 */
import { createHash } from "node:crypto";
import pg from "pg";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import type { Prisma } from "@/prisma/generated/client";

export type Ledger = { query<Row>(statement: Prisma.Sql): Promise<Row[]> };

/** The caller closes it. Statements fail while the database is away and work again when it is back. */
export type OwnLedger = Ledger & { close(): Promise<void> };

/**
 * All that is asked here is found in the order of an index. A connection that planned a claim while the table's statistics
 * were of another hour read and sorted the whole issue for it: 600 µs of Postgres a message instead of 150 (bench `send`,
 * 200,000 recipients).
 */
const BY_INDEX = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off";

/** Much longer than any statement of the ledger takes, and much shorter than a lease. */
const SILENCE_MS = 15_000;

export function openLedger(
  databaseUrl: string,
  { connections, silenceMs = SILENCE_MS }: { connections: number; silenceMs?: number },
): OwnLedger {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    types: { getTypeParser },
    // A database that went silent must not be waited for for ever: each statement may be tried again on a new connection.
    query_timeout: silenceMs,
    connectionTimeoutMillis: silenceMs,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(BY_INDEX);
    },
  });
  // An idle connection that the database ends is no failure of anybody's statement.
  pool.on("error", (error) => log.warn({ event: "deliveries.connection-ended", error }));
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    let name = names.get(text);
    if (!name) {
      name = createHash("sha256").update(text).digest("hex").slice(0, 32);
      names.set(text, name);
    }
    return name;
  };
  return {
    async query<Row>(statement: Prisma.Sql) {
      const { text, values } = statement;
      const result = await pool.query({ name: nameOf(text), text, values });
      return result.rows as Row[];
    },
    close: () => pool.end(),
  };
}

/** For who asks now and then. */
export function ledgerOf(db: Database): Ledger {
  return { query: (statement) => db.$queryRaw(statement) };
}

/** Values as Prisma gives them: whole numbers of 64 bits, and moments without a zone as UTC. */
function getTypeParser(type: number, format?: "text" | "binary"): (value: string) => unknown {
  if (type === pg.types.builtins.INT8) return BigInt;
  if (type === pg.types.builtins.TIMESTAMP) return (value) => new Date(`${value.replace(" ", "T")}Z`);
  return format === "binary" ? pg.types.getTypeParser(type, "text") : pg.types.getTypeParser(type);
}
