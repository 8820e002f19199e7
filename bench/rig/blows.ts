/** When the nemesis does what. Pure: the same seed gives the same schedule. */
import { createChance } from "./chance";

export type BlowKind =
  | "kill"
  | "drain"
  | "freeze"
  | "crash-postgres"
  | "terminate-backends"
  | "cut"
  | "block"
  | "fill-disk"
  | "unsubscribe"
  | "flip"
  | "edit"
  | "migrate";

export type Blow = {
  kind: BlowKind;
  /** Once the observer took so many bodies. */
  at: number;
  /** And then so much later: what is on its way at that moment is anybody's guess. */
  afterMs: number;
  /** How long it lasts, or how many readers it is about. */
  size: number;
  /** Which worker it meets, counted around. */
  worker: number;
};

export type BlowOrder = Partial<Record<BlowKind, { times: number; size?: number }>>;

/** All of them while the sending runs: not in its very first moments, and not among its last readers. */
export function planBlows(seed: number, readers: number, order: BlowOrder): Blow[] {
  const chance = createChance(seed);
  const blows = Object.entries(order).flatMap(([kind, { times, size = 0 }]) =>
    Array.from({ length: times }, () => ({
      kind: kind as BlowKind,
      at: chance.whole(Math.ceil(readers * 0.02), Math.floor(readers * 0.9)),
      afterMs: chance.whole(0, 20),
      size,
      worker: chance.whole(0, 1_000),
    })),
  );
  return blows.sort((left, right) => left.at - right.at);
}
