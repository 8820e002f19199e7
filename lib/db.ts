import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client";
import { getEnv } from "./env";
import { askForJobsAt } from "./jobs";

/** Of a transaction, for one of the pool's connections: in a burst it is better to wait than to be refused. */
const LONGEST_WAIT_MS = 10_000;

export type Database = PrismaClient;
/** What a use case needs when it may run inside somebody else's transaction. */
export type Transaction = Prisma.TransactionClient;

/** A client of its own pool. The caller disconnects it. */
export function createDatabase(url: string, options: { connections?: number } = {}): Database {
  const adapter = new PrismaPg({ connectionString: url, max: options.connections ?? 10 });
  return new PrismaClient({ adapter, transactionOptions: { maxWait: LONGEST_WAIT_MS } });
}

/**
 * The database's clock. What several machines must agree on (slots, due times, leases, signs of life) is measured by it
 * alone: their own clocks may differ or jump.
 */
export async function databaseNow(tx: Database | Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error("The database does not tell its time.");
  return row.now;
}

const shared = globalThis as typeof globalThis & { mastheadDatabase?: Database };

/** The process's one client; kept across reloads in development. */
export function getDatabase(): Database {
  if (!shared.mastheadDatabase) {
    const { DATABASE_URL } = getEnv();
    shared.mastheadDatabase = createDatabase(DATABASE_URL);
    askForJobsAt(DATABASE_URL);
  }
  return shared.mastheadDatabase;
}
