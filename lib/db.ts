import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client";
import { getEnv } from "./env";

export type Database = PrismaClient;
/** What a use case needs when it may run inside somebody else's transaction. */
export type Transaction = Prisma.TransactionClient;

/** A client of its own pool. The caller disconnects it. */
export function createDatabase(url: string, options: { connections?: number } = {}): Database {
  const adapter = new PrismaPg({ connectionString: url, max: options.connections ?? 10 });
  return new PrismaClient({ adapter });
}

const shared = globalThis as typeof globalThis & { mastheadDatabase?: Database };

/** The process's one client; kept across reloads in development. */
export function getDatabase(): Database {
  shared.mastheadDatabase ??= createDatabase(getEnv().DATABASE_URL);
  return shared.mastheadDatabase;
}
