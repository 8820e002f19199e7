/**
 * How much one worker asks of the mail server: as many messages at once as it has connections, and as many a second as
 * it can, while all goes well. When the server says that it is too much, half as many go at once; where it takes none any
 * more, nothing begins for a second, and then half as many a second as it took. Both come back slowly (as RFC 5681 does it
 * for connections of TCP). Pure but for who waits.
 */
import { performance } from "node:perf_hooks";
import { createTally } from "./tally";

export type Congestion = {
  /** At most so many at once. */
  readonly width: number;
  /** Begun in a second at most; null while nothing was said against as many as can be. */
  readonly perSecond: number | null;
  /** Resolves when one more may be on its way, or when `signal` says that none will be; `done` is then called once. */
  begin(signal?: AbortSignal): Promise<void>;
  done(result: CongestionResult): void;
};

/**
 * `too-much` of mail that was begun, `too-many` connections, or none at all; `neither` of what says nothing about the
 * server.
 */
export type CongestionResult = "well" | "too-much" | "too-many" | "neither";

/** So many in a row without trouble allow one more at once. */
const CALM = 20;
/** One trouble is one trouble, however many messages were on their way when it came; and how long a rest lasts. */
const ONE_TROUBLE_MS = 1_000;
const WINDOW_MS = 1_000;
/** What a second without trouble adds to the rate. */
const RECOVERY = 0.1;
/** Who was late may catch up on so much. */
const CATCH_UP_MS = 20;
/** One refusal among many that are taken is no limit of the rate. */
const IN_A_ROW = 3;
/**
 * At half of what a server takes a second its limit is far: refusals that come this soon after the rest, this many times
 * over, have another reason, and for a while no rate is kept to.
 */
const TOO_SOON = { ms: 2_000, times: 3 };
const UNHEEDED_MS = 60_000;
/** As slow as it may become: a message in five seconds. */
const SLOWEST = 0.2;

export function createCongestion(widest: number, nowMs: () => number = () => performance.now()): Congestion {
  let width = widest;
  let perSecond: number | null = null;
  let active = 0;
  let calm = 0;
  let halvedAt = Number.NEGATIVE_INFINITY;
  let refusedInARow = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let tooSoon = 0;
  let heedAgainAt = Number.NEGATIVE_INFINITY;
  let raisedAt = Number.NEGATIVE_INFINITY;
  let nextAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const taken = createTally(WINDOW_MS);
  const waiting = new Set<() => void>();

  function letIn(): void {
    for (const enter of waiting) {
      if (active >= width || !mayBegin()) return;
      waiting.delete(enter);
      active += 1;
      enter();
    }
  }

  function mayBegin(): boolean {
    if (perSecond === null) return true;
    const now = nowMs();
    if (now < nextAt) {
      clearTimeout(timer);
      timer = setTimeout(letIn, nextAt - now);
      return false;
    }
    nextAt = Math.max(nextAt, now - CATCH_UP_MS) + WINDOW_MS / perSecond;
    return true;
  }

  function narrow(now: number): void {
    calm = 0;
    if (now - halvedAt < ONE_TROUBLE_MS) return;
    halvedAt = now;
    width = Math.max(1, Math.floor(width / 2));
  }

  function slowDown(now: number): void {
    refusedInARow += 1;
    if (perSecond === null && (refusedInARow < IN_A_ROW || now < heedAgainAt)) return;
    if (now - slowedAt < ONE_TROUBLE_MS) return;
    const rate = taken.perWindow(now);
    // Of a server that took nothing it is not known how much would not have been too much.
    if (rate === 0) return;
    tooSoon = now - slowedAt < ONE_TROUBLE_MS + TOO_SOON.ms ? tooSoon + 1 : 0;
    slowedAt = now;
    if (tooSoon >= TOO_SOON.times) {
      perSecond = null;
      heedAgainAt = now + UNHEEDED_MS;
      return;
    }
    perSecond = Math.max(SLOWEST, Math.min(perSecond ?? rate, rate) / 2);
    raisedAt = now;
    nextAt = now + ONE_TROUBLE_MS;
  }

  function widen(now: number): void {
    taken.add(now);
    refusedInARow = 0;
    if (width < widest) {
      calm += 1;
      if (calm >= CALM) {
        calm = 0;
        width += 1;
      }
    }
    if (perSecond === null || now - raisedAt < WINDOW_MS) return;
    raisedAt = now;
    perSecond *= 1 + RECOVERY;
    // A limit that is far from being reached is none.
    if (width === widest && perSecond > 2 * taken.perWindow(now)) perSecond = null;
  }

  return {
    get width() {
      return width;
    },
    get perSecond() {
      return perSecond;
    },
    async begin(signal) {
      if (waiting.size === 0 && active < width && mayBegin()) {
        active += 1;
        return;
      }
      await new Promise<void>((resolve) => {
        const enter = () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = () => {
          if (!waiting.delete(enter)) return;
          active += 1;
          resolve();
        };
        waiting.add(enter);
        signal?.addEventListener("abort", giveUp, { once: true });
        letIn();
        if (signal?.aborted) giveUp();
      });
    },
    done(result) {
      active -= 1;
      const now = nowMs();
      if (result === "too-much" || result === "too-many") narrow(now);
      if (result === "too-much") slowDown(now);
      if (result === "well") widen(now);
      letIn();
    },
  };
}
