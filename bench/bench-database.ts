/** A database of its own with an issue whose audience is frozen, and the folder that the worker writes into. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createDatabase, type Database } from "@/lib/db";
import { prepareDeliveries } from "@/lib/deliveries/prepare";
import { createIssue, createPublication } from "@/prisma/factories";
import { applyMigrations } from "@/prisma/migrate";
import { startPostgres } from "@/sandbox/postgres/server";
import { makeScratchFolder } from "@/sandbox/process/scratch";
import { sizedMail } from "./send/mail";

export type BenchDatabase = {
  db: Database;
  databaseUrl: string;
  folder: string;
  /** Of the database server. */
  postgresPid: number;
  close(): Promise<void>;
};

export async function openBenchDatabase(): Promise<BenchDatabase> {
  const folder = await makeScratchFolder();
  const postgres = await startPostgres({ folder: join(folder, "postgres"), throwaway: false });
  await applyMigrations(postgres.url);
  const db = createDatabase(postgres.url, { connections: 4 });
  await createPublication(db, { name: "The Benchmark" });
  const [pid] = (await readFile(join(postgres.place, "data", "postmaster.pid"), "utf8")).split("\n");
  return {
    db,
    databaseUrl: postgres.url,
    folder,
    postgresPid: Number(pid),
    async close() {
      await db.$disconnect();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type FrozenAudience = {
  /** From the order to freeze to the commit, the drawing of the mail included. */
  seconds: number;
};

/** Every tenth reader is a member. Adds readers until there are enough, and freezes an issue for all of them. */
export async function freezeAudience(
  { db }: Pick<BenchDatabase, "db">,
  { readers, bytes }: { readers: number; bytes: number },
): Promise<FrozenAudience> {
  const there = await db.subscriber.count();
  await db.$executeRaw`
    INSERT INTO "Subscriber" (id, email, status, "emailVerified", "confirmedAt", "createdAt", "updatedAt")
    SELECT gen_random_uuid()::text, 'reader' || n || '@example' || (n % 500) || '.test', 'CONFIRMED', true, now(), now(), now()
    FROM generate_series(${there + 1}::int, ${readers}::int) AS n`;
  await db.$executeRaw`
    INSERT INTO "Membership" ("subscriberId", source, status, "startedAt", "currentPeriodEndsAt", "amountCents", currency,
      "createdAt", "updatedAt")
    SELECT id, 'STRIPE', 'ACTIVE', now(), now() + interval '20 days', 300, 'usd', now(), now()
    FROM "Subscriber" WHERE right(md5(id), 1) = '7' ON CONFLICT DO NOTHING`;
  await db.$executeRaw`ANALYZE "Subscriber", "Membership"`;
  const issue = await createIssue(db, { state: "PUBLISHED", publishedAt: new Date() });
  const images = { save: async () => undefined, read: async () => null };
  const began = performance.now();
  const preparation = await prepareDeliveries(db, issue.id, { now: new Date(), images });
  const seconds = (performance.now() - began) / 1_000;
  if (preparation.outcome !== "prepared") throw new Error("The audience was not frozen.");
  await db.frozenMail.updateMany({ where: { issueId: issue.id }, data: sizedMail(bytes) });
  return { seconds };
}

export type LedgerCost = {
  bytesPerRow: number;
  walPerRow: number;
  updatesPerRow: number;
  /** Of these updates those that no index had to hear of. */
  heapOnlyPerRow: number;
};

/** What the ledger took of the disk, and how often each row was written, between `from` and now. */
export async function ledgerCost(
  { db }: BenchDatabase,
  from: { lsn: string; rows: number },
): Promise<LedgerCost> {
  const [cost] = await db.$queryRaw<{ bytes: bigint; wal: number; updates: bigint; heapOnly: bigint }[]>`
    SELECT pg_total_relation_size('"Delivery"') AS bytes,
      pg_wal_lsn_diff(pg_current_wal_lsn(), ${from.lsn}::pg_lsn)::float8 AS wal,
      s.n_tup_upd AS updates, s.n_tup_hot_upd AS "heapOnly"
    FROM pg_stat_user_tables s WHERE s.relname = 'Delivery'`;
  if (!cost) throw new Error("Postgres does not say what the ledger took.");
  return {
    bytesPerRow: Number(cost.bytes) / from.rows,
    walPerRow: cost.wal / from.rows,
    updatesPerRow: Number(cost.updates) / from.rows,
    heapOnlyPerRow: Number(cost.heapOnly) / from.rows,
  };
}

export async function walPosition({ db }: BenchDatabase): Promise<string> {
  const [row] = await db.$queryRaw<{ lsn: string }[]>`SELECT pg_current_wal_lsn()::text AS lsn`;
  return row?.lsn ?? "0/0";
}
