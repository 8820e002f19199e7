import { setTimeout as sleep } from "node:timers/promises";

/** Ends somebody's wait before its time is over. Rung while nobody waits, it ends the next wait at once. */
export type Bell = {
  ring(): void;
  /** Resolves after `ms`, when it is rung, or after `signal`. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

export function createBell(): Bell {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    async wait(ms, signal) {
      await sleep(ms, undefined, { signal: AbortSignal.any([signal, rung.signal]) }).catch(() => undefined);
      if (rung.signal.aborted) rung = new AbortController();
    },
  };
}
