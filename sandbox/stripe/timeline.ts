import { findNextDue } from "./billing/due";
import type { Sandbox } from "./sandbox";
import type { Webhooks } from "./webhooks";

const MAX_SECONDS = 10 * 366 * 24 * 3_600;

/** Why the clock cannot move as asked; the message says what to send instead. */
export class ClockRefusal extends Error {}

/** Moves the sandbox's time, and waits until every webhook that this set off has been tried once. */
export class Timeline {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly webhooks: Webhooks,
    private readonly changed: () => void,
  ) {}

  /** Forward by whole seconds, or to a moment. Throws ClockRefusal for the past and for more than ten years. */
  async advance(to: { seconds: number } | { moment: Date }): Promise<void> {
    const { clock } = this.sandbox;
    const target = () => ("seconds" in to ? clock.now() + to.seconds * 1_000 : to.moment.getTime());
    const distance = target() - clock.now();
    if (!(distance >= 0)) throw new ClockRefusal("The clock only goes forward. Name a later moment.");
    if (distance > MAX_SECONDS * 1_000)
      throw new ClockRefusal("The clock moves ten years at most at a time.");
    await clock.advance(target, this.#steps);
    this.changed();
  }

  /** Runs what came due as real time passed. */
  async catchUp(): Promise<void> {
    const next = findNextDue(this.sandbox);
    if (next === null || next.at > this.sandbox.clock.seconds()) return;
    await this.sandbox.clock.advance(() => this.sandbox.clock.now(), this.#steps);
    this.changed();
  }

  readonly #steps = {
    next: () => findNextDue(this.sandbox),
    settled: () => this.webhooks.settled(),
  };
}
