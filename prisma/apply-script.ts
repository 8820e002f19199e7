import { setTimeout as sleep } from "node:timers/promises";
import type { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";

/**
 * Whoever waits for a whole table makes everybody who comes later wait behind them, the readers of the site, too. So no
 * step waits longer than this; it gives up, and tries again.
 */
const LOCK_TIMEOUT = "2s";
const PATIENCE_MS = 120_000;
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK_DETECTED = "40P01";

/**
 * Lets the engine run each script in one transaction, while the site serves and the worker sends. The adapter's own way is
 * a statement at a time, cut at each semicolon: a script that fails would leave half of itself behind.
 */
export function applyScriptsWhole(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = (script) => applyPatiently(adapter, script);
    return adapter;
  };
  return factory;
}

async function applyPatiently(adapter: SqlDriverAdapter, script: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await applyWhole(adapter, script);
    } catch (error) {
      if (!isTableBusy(error)) throw error;
      if (Date.now() > until) {
        throw new Error(
          "A table stayed in use for two minutes, and nothing of this step was applied. End what uses it (a backup, an open session of psql), then run this again.",
          { cause: error },
        );
      }
    }
    await sleep(500 + Math.random() * 500);
  }
}

async function applyWhole(adapter: SqlDriverAdapter, script: string): Promise<void> {
  const transaction = await adapter.startTransaction();
  const run = (sql: string) => transaction.executeRaw({ sql, args: [], argTypes: [] });
  try {
    await run(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await run(script);
    await run(NOTE_AS_FINISHED);
    await run("COMMIT");
  } catch (error) {
    // Where the connection is gone, the transaction is, too.
    await run("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    await transaction.commit();
  }
}

/** The engine notes that only afterwards: a process that died in between would leave a step of which nobody knows whether it was made. */
const NOTE_AS_FINISHED = `DO $$ BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  END IF;
END $$`;

function isTableBusy(error: unknown): boolean {
  const code = (error as { cause?: { originalCode?: unknown } }).cause?.originalCode;
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK_DETECTED;
}
