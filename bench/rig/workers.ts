/** Real worker processes, kept running as a process manager would, and ended as no process manager would. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { WORKER_NODE_FLAGS } from "@/lib/worker/node-flags";
import { machineNow } from "./clock";

export type Worker = { readonly child: ChildProcess; readonly pid: number; stopped: boolean };

export type Workers = {
  readonly running: readonly Worker[];
  /** How often one ended without being told to. */
  readonly losses: () => number;
  start(count: number): void;
  /** With SIGKILL, and another takes its place at once. */
  kill(worker: Worker): Promise<void>;
  /** With SIGTERM, and another takes its place when it is gone. Milliseconds that it took, and its exit code. */
  drain(worker: Worker): Promise<{ ms: number; code: number | null }>;
  freeze(worker: Worker): void;
  thaw(worker: Worker): void;
  /** Lets its files grow no further, as a full disk does; `false` takes that back. True where the system can. */
  fillDisk(worker: Worker, full: boolean): boolean;
  end(): Promise<void>;
};

export type WorkersOptions = {
  /** A module for Node. */
  program: string;
  environment: Record<string, string>;
  /** Gets what they say. */
  logFile: string;
};

export function createWorkers({ program, environment, logFile }: WorkersOptions): Workers {
  const running: Worker[] = [];
  const expected = new Set<ChildProcess>();
  let losses = 0;
  let ending = false;

  function startOne(): void {
    const child = spawn(process.execPath, [...WORKER_NODE_FLAGS, "--import", "tsx", program], {
      // Not into the file itself: a worker whose disk is full must still be able to say so.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...environment },
    });
    child.stdout?.on("data", (words: Buffer) => appendFileSync(logFile, words));
    child.stderr?.on("data", (words: Buffer) => appendFileSync(logFile, words));
    const worker: Worker = { child, pid: child.pid ?? 0, stopped: false };
    running.push(worker);
    child.once("exit", () => {
      running.splice(running.indexOf(worker), 1);
      if (ending) return;
      if (!expected.has(child)) losses += 1;
      startOne();
    });
  }

  async function end(worker: Worker, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    expected.add(worker.child);
    const exit = once(worker.child, "exit");
    worker.child.kill(signal);
    const [code] = await exit;
    return typeof code === "number" ? code : null;
  }

  return {
    running,
    losses: () => losses,
    start: (count) => {
      for (let one = 0; one < count; one += 1) startOne();
    },
    kill: async (worker) => void (await end(worker, "SIGKILL")),
    async drain(worker) {
      const began = machineNow();
      const code = await end(worker, "SIGTERM");
      return { ms: machineNow() - began, code };
    },
    freeze(worker) {
      worker.stopped = worker.child.kill("SIGSTOP");
    },
    thaw(worker) {
      worker.child.kill("SIGCONT");
      worker.stopped = false;
    },
    fillDisk(worker, full) {
      const limit = full ? "1:unlimited" : "unlimited:unlimited";
      return spawnSync("prlimit", ["--pid", String(worker.pid), `--fsize=${limit}`]).status === 0;
    },
    async end() {
      ending = true;
      await Promise.all([...running].map((worker) => end(worker, "SIGKILL")));
    },
  };
}
