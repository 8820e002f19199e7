/**
 * How many messages a worker has on their way at once: as many as it has connections while all goes well; half as many
 * when the mail server says that it is too much (421, 4.7.x, or no connection at all), and then slowly more again
 * (additive increase, multiplicative decrease, RFC 5681). Pure but for who waits.
 */
export type Congestion = {
  /** At most so many at once. */
  readonly width: number;
  /** Resolves when one more may be on its way; `done` is then called once. */
  begin(): Promise<void>;
  done(result: "well" | "too-much" | "neither", nowMs: number): void;
};

/** So many in a row without trouble allow one more. */
const CALM = 20;
/** One trouble is one trouble, however many messages were on their way when it came. */
const ONE_TROUBLE_MS = 1_000;

export function createCongestion(widest: number): Congestion {
  let width = widest;
  let active = 0;
  let calm = 0;
  let halvedAt = Number.NEGATIVE_INFINITY;
  const waiting: (() => void)[] = [];

  function letIn(): void {
    while (active < width) {
      const next = waiting.shift();
      if (!next) return;
      active += 1;
      next();
    }
  }

  return {
    get width() {
      return width;
    },
    begin() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        letIn();
      });
    },
    done(result, nowMs) {
      active -= 1;
      if (result === "too-much") {
        calm = 0;
        if (nowMs - halvedAt >= ONE_TROUBLE_MS) {
          width = Math.max(1, Math.floor(width / 2));
          halvedAt = nowMs;
        }
      } else if (result === "well" && width < widest) {
        calm += 1;
        if (calm >= CALM) {
          calm = 0;
          width += 1;
        }
      }
      letIn();
    },
  };
}
