import type { State } from "./state";

/** One thing that time brings about. */
export interface Due {
  /** Unix seconds. */
  at: number;
  run(): void;
}

interface Steps {
  /** The earliest thing that is still to come, or null. */
  next(): Due | null;
  /** Settles when what the last step set off (webhooks) has been tried once. */
  settled(): Promise<void>;
}

/**
 * The sandbox's own time: real time plus an offset. While it catches up, it stands at the moment of each due thing in
 * turn, so that everybody who asks sees the world as it was then.
 */
export class Clock {
  #standsAt: number | null = null;
  #queue: Promise<void> = Promise.resolve();

  constructor(private readonly state: State) {}

  /** Milliseconds since 1970. */
  now(): number {
    return this.#standsAt ?? Date.now() + this.state.clockOffset;
  }

  /** Whole Unix seconds, as Stripe's objects carry them. */
  seconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  /** Sets the time without running anything. */
  set(moment: number): void {
    this.state.clockOffset = moment - Date.now();
  }

  /** Moves to `moment` (milliseconds), running what comes due in order. One move at a time; it never goes back. */
  advance(moment: () => number, steps: Steps): Promise<void> {
    const turn = this.#queue.then(() => this.#move(moment(), steps));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #move(target: number, steps: Steps): Promise<void> {
    const started = Date.now();
    const from = this.now();
    try {
      for (;;) {
        const due = steps.next();
        if (due === null || due.at * 1_000 > target) break;
        this.#standsAt = Math.max(due.at * 1_000, this.#standsAt ?? 0);
        due.run();
        await steps.settled();
      }
      if (target > from) this.state.clockOffset = target - started;
    } finally {
      this.#standsAt = null;
    }
  }
}
