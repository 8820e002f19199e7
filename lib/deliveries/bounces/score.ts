/**
 * When an address that bounces is no longer mailed. Pure. A soft bounce counts 1 and a hard one 2, once a day whatever
 * comes on it; 30 days without one and all is forgotten. What refuses us never counts against the reader.
 */
import type { BounceKind } from "@/prisma/generated/enums";
import { isDeadAddress } from "./classify";

export type CountedBounce = { kind: BounceKind; status: string | null; at: Date };

const ENOUGH = 4;
const DAY_MS = 86_400_000;
const FORGOTTEN_MS = 30 * DAY_MS;
const POINTS: Readonly<Record<BounceKind, number>> = { HARD: 2, SOFT: 1, POLICY: 0, COMPLAINT: 0 };

export type Verdict = "complained" | "bounced" | null;

/** Why the address must be closed, or null. `bounces` in any order, without those that the author forgave. */
export function verdictOn(bounces: readonly CountedBounce[], now: Date): Verdict {
  if (bounces.some(({ kind }) => kind === "COMPLAINT")) return "complained";
  if (bounces.some(({ kind, status }) => kind === "HARD" && isDeadAddress(status))) return "bounced";
  return bounceScore(bounces, now) >= ENOUGH ? "bounced" : null;
}

/** What stands against the address at this moment. */
export function bounceScore(bounces: readonly CountedBounce[], now: Date): number {
  const days = new Map<number, number>();
  for (const { kind, at } of bounces) {
    const day = Math.floor(at.getTime() / DAY_MS);
    if (POINTS[kind] > 0) days.set(day, Math.max(days.get(day) ?? 0, POINTS[kind]));
  }
  let score = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const [day, points] of [...days].sort(([one], [other]) => one - other)) {
    score = (day - last) * DAY_MS > FORGOTTEN_MS ? points : score + points;
    last = day;
  }
  return now.getTime() - last * DAY_MS > FORGOTTEN_MS + DAY_MS ? 0 : score;
}
