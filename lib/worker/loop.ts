import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log";

const LONGEST_PAUSE_MS = 15_000;

/** Runs `work` until it succeeds once, or until told to stop: then false. */
export async function runUntilDone(
  name: string,
  work: () => Promise<unknown>,
  { signal }: { signal: AbortSignal },
): Promise<boolean> {
  const done = new AbortController();
  await runLoop(
    name,
    async () => {
      await work();
      done.abort();
      return "idle";
    },
    { pauseMs: 0, signal: AbortSignal.any([signal, done.signal]) },
  );
  return done.signal.aborted;
}

/**
 * Runs `work` again and again until told to stop: at once while there is more, else after a pause. A failure is logged and
 * tried again, later each time, so that a database that is away ends no worker.
 */
export async function runLoop(
  name: string,
  work: () => Promise<"more" | "idle">,
  { pauseMs, signal }: { pauseMs: number; signal: AbortSignal },
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let pause = pauseMs;
    try {
      if ((await work()) === "more") pause = 0;
      failures = 0;
    } catch (error) {
      failures += 1;
      pause = Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      log.error({ event: "worker.loop-failed", loop: name, failures, error });
    }
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
