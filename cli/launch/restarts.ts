const LIMIT = 3;
const WINDOW_MS = 60_000;

/**
 * Decides whether a program that ended by itself is started again: three times within a minute, and not a fourth time,
 * because then it cannot run as things are. `nowMs` is any clock that only goes forward.
 */
export class Restarts {
  #moments: number[] = [];

  mayRestart(nowMs: number): boolean {
    this.#moments = [...this.#moments.filter((moment) => moment > nowMs - WINDOW_MS), nowMs];
    return this.#moments.length <= LIMIT;
  }
}
