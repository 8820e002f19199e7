import { z } from "zod";

const chance = z.number().min(0).max(1).default(0);

/** How often, from 0 to 1, an event takes each wrong turn on its way to the app. */
export const chaosShape = z
  .strictObject({
    /** The same seed and the same events give the same turns. */
    seed: z.int().min(0).max(2_147_483_647).default(1),
    duplicate: chance,
    drop: chance,
    delay: chance,
    reorder: chance,
    /** Two events with ids of their own tell the same fact. */
    twice: chance,
    /** How long a delayed event waits, in real time. */
    delayMs: z.int().min(0).max(600_000).default(2_000),
  })
  .readonly();

export type ChaosSettings = z.output<typeof chaosShape>;
export type Turn = "duplicate" | "drop" | "delay" | "reorder" | "twice";

export const TURNS: Readonly<Record<Turn, string>> = {
  duplicate: "Sent twice",
  drop: "Lost on the way",
  delay: "Sent late",
  reorder: "Overtaken by the next",
  twice: "Told by two events",
};

const TURN_NAMES = Object.keys(TURNS) as Turn[];

/** Decides by the seed which wrong turns each event takes. At rest it decides nothing. */
export class Chaos {
  #settings: ChaosSettings = chaosShape.parse({});
  #random = seeded(1);

  get settings(): ChaosSettings {
    return this.#settings;
  }

  /** Starts over from the seed. */
  set(settings: ChaosSettings): void {
    this.#settings = settings;
    this.#random = seeded(settings.seed);
  }

  isOn(): boolean {
    return TURN_NAMES.some((turn) => this.#settings[turn] > 0);
  }

  /** The turns of the next event. Every event draws the same number of times, whatever the chances are. */
  nextTurns(): Set<Turn> {
    const drawn = TURN_NAMES.map((turn) => ({ turn, luck: this.#random() }));
    return new Set(drawn.filter(({ turn, luck }) => luck < this.#settings[turn]).map(({ turn }) => turn));
  }
}

/** Mulberry32: small, even enough, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
