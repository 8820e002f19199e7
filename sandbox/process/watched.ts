import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

/**
 * The shell between us and the program waits for the end of its standard input, which the system closes however this
 * process ends, and then asks the program to stop. When the program has ended, what it left running ends too.
 */
const WATCH = `signal=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & program=$!
(cat <&3 >/dev/null; kill -s $signal $program) 2>/dev/null &
exec 3<&-
wait $program; code=$?
trap '' TERM
kill -s TERM 0 2>/dev/null
exit $code`;

/** Environment variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface Watched {
  child: ChildProcess;
  /** Settles with the exit code (128 + number for a signal, as shells count) when all of it is gone. */
  ended: Promise<number>;
  /** Asks it to stop, waits, and after `limitMs` kills it with everything it started. May be called twice. */
  stop(limitMs: number): Promise<void>;
}

/**
 * Starts a program that never outlives this process, even if this one is killed with no chance to clean up. It runs in
 * a process group of its own, so that a Ctrl-C in the terminal reaches it only through us.
 */
export function spawnWatched(
  command: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "uid" | "gid"> & {
    env: Variables;
    output: number | "pipe";
    stopSignal?: "TERM" | "INT";
  },
): Watched {
  const { output, env, stopSignal = "TERM", ...rest } = options;
  const child = spawn("/bin/sh", ["-c", WATCH, "sh", stopSignal, ...command], {
    ...rest,
    env: Object.assign({} as NodeJS.ProcessEnv, env),
    stdio: ["pipe", output, output],
    detached: true,
  });
  // Writing never happens; a broken pipe only means that the program is gone, which `ended` tells.
  child.stdin?.on("error", () => undefined);
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 137));
  return { child, ended, stop: (limitMs) => stop(child, ended, limitMs) };
}

async function stop(child: ChildProcess, ended: Promise<number>, limitMs: number): Promise<void> {
  child.stdin?.end();
  const timer = new AbortController();
  const late = pause(limitMs, "late", { signal: timer.signal }).catch(() => "ended");
  const outcome = await Promise.race([ended, late]);
  if (outcome === "late") killGroup(child);
  timer.abort();
  await ended;
}

/** Ends the program and everything it started, at once. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
