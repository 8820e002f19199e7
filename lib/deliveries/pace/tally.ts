/** Counts by windows of time: what is asked for is the fuller of this one and the one before. */
export type Tally = { add(nowMs: number): void; perWindow(nowMs: number): number };

export function createTally(windowMs: number): Tally {
  let window = Number.NEGATIVE_INFINITY;
  let count = 0;
  let before = 0;
  const turn = (now: number) => {
    const current = Math.floor(now / windowMs);
    if (current === window) return;
    before = current === window + 1 ? count : 0;
    count = 0;
    window = current;
  };
  return {
    add(now) {
      turn(now);
      count += 1;
    },
    perWindow(now) {
      turn(now);
      return Math.max(count, before);
    },
  };
}
