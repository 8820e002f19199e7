/** Real worker processes for tests, on any database and mail server, with a clock that may be wrong. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const CONNECTIONS = 5;
export const PATIENCE = { timeout: 100_000, interval: 20 };

export type WorkerPlace = {
  folder: string;
  journalFolder: string;
  start(options: { databaseUrl: string; smtpUrl: string; clockOffMs?: number }): ChildProcess;
  /** Kills whatever still runs and removes the folder. */
  close(): Promise<void>;
};

/** `environment` is what the test itself runs in. */
export function createWorkerPlace(environment: NodeJS.ProcessEnv): WorkerPlace {
  const folder = mkdtempSync(join(tmpdir(), "masthead-worker-"));
  const journalFolder = join(folder, "journal");
  const workers = new Set<ChildProcess>();
  return {
    folder,
    journalFolder,
    start({ databaseUrl, smtpUrl, clockOffMs = 0 }) {
      const wrongClock = clockOffMs === 0 ? [] : ["--import", shiftedDate(clockOffMs)];
      const worker = spawn(process.execPath, [...wrongClock, "--import", "tsx", "lib/worker/main.ts"], {
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          ...environment,
          DATABASE_URL: databaseUrl,
          SMTP_URL: smtpUrl,
          SMTP_CONNECTIONS: String(CONNECTIONS),
          STRIPE_API_BASE: "http://127.0.0.1:1",
          MEDIA_FOLDER: join(folder, "media"),
          JOURNAL_FOLDER: journalFolder,
          LOG_LEVEL: "silent",
        },
      });
      workers.add(worker);
      worker.once("exit", () => workers.delete(worker));
      return worker;
    },
    async close() {
      for (const worker of workers) await endWorker(worker, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function endWorker(worker: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
  const exit = once(worker, "exit");
  worker.kill(signal);
  const [code] = await exit;
  return typeof code === "number" ? code : null;
}

/** A module that puts the process's wall clock off and leaves its monotonic clock alone. */
function shiftedDate(ms: number): string {
  const source = `
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...parts) { parts.length > 0 ? super(...parts) : super(Right.now() + ${ms}); }
      static now() { return Right.now() + ${ms}; }
    };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
