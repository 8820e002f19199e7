/** Everything that one run needs: a database with readers, the observer, workers, a folder for what they write. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, type Database } from "@/lib/db";
import { createAudience } from "./audience";
import type { FaultsInput } from "./observer-faults";
import { type Observer, startObserver } from "./start-observer";
import { createWorkers, type Workers } from "./workers";

export type Stage = {
  db: Database;
  databaseUrl: string;
  readers: number;
  /** Of each worker. */
  connections: number;
  observer: Observer;
  workers: Workers;
  /** What the observer writes. */
  log: string;
  bodies: string | null;
  /** Where the installation has one; null where Postgres is somebody else's. */
  crashPostgres: (() => Promise<void>) | null;
  close(): Promise<void>;
};

export type StageOptions = {
  databaseUrl: string;
  crashPostgres?: () => Promise<void>;
  readers: number;
  connections?: number;
  faults?: FaultsInput;
  keepBodies?: boolean;
  /** Instead of the product's worker. */
  program?: string;
  environment?: Record<string, string>;
};

const WORKER = join(import.meta.dirname, "..", "..", "lib", "worker", "main.ts");

export async function openStage(options: StageOptions): Promise<Stage> {
  const { databaseUrl, readers, connections = 10, program = WORKER } = options;
  const folder = mkdtempSync(join(tmpdir(), "masthead-rig-"));
  const log = join(folder, "observer.log");
  const bodies = options.keepBodies ? join(folder, "bodies") : null;
  const observer = await startObserver({ record: { log, bodies }, faults: options.faults ?? {} });
  const db = createDatabase(databaseUrl, { connections: 4 });
  const workers = createWorkers({
    program,
    logFile: join(folder, "workers.log"),
    environment: {
      DATABASE_URL: databaseUrl,
      SMTP_URL: observer.url.replace("//", "//rig:password@"),
      SMTP_CONNECTIONS: String(connections),
      STRIPE_API_BASE: "http://127.0.0.1:1",
      MEDIA_FOLDER: join(folder, "media"),
      JOURNAL_FOLDER: join(folder, "journal"),
      LOG_LEVEL: "warn",
      ...options.environment,
    },
  });
  await createAudience(db, readers);
  return {
    db,
    databaseUrl,
    readers,
    connections,
    observer,
    workers,
    log,
    bodies,
    crashPostgres: options.crashPostgres ?? null,
    async close() {
      await workers.end();
      await observer.stop();
      await db.$disconnect();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
