/**
 * Finds a slot that comes within a day and has no issue, where readers are used to one. Reads only. A publication that has
 * not got the habit (fewer than two issues mailed in the four weeks before) is left in peace.
 */
import type { Database } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import { nextSlot } from "./weekly-slot";

const DAY_MS = 86_400_000;
const HABIT_DAYS = 28;
const HABIT_ISSUES = 2;
/** What went out so shortly before the slot is the issue of that slot. */
const BEFORE_SLOT_MS = 3 * DAY_MS;

export async function findEmptySlot(db: Database, { now }: { now: Date }): Promise<Date | null> {
  const slot = nextSlot(now, await getPublication(db));
  if (slot.getTime() - now.getTime() > DAY_MS) return null;
  const mailed = await db.issue.findMany({
    where: {
      kind: "ISSUE",
      state: "PUBLISHED",
      audienceFrozenAt: { gt: new Date(slot.getTime() - HABIT_DAYS * DAY_MS), lte: now },
    },
    select: { audienceFrozenAt: true },
  });
  if (mailed.length < HABIT_ISSUES) return null;
  const early = new Date(slot.getTime() - BEFORE_SLOT_MS);
  if (mailed.some(({ audienceFrozenAt }) => audienceFrozenAt && audienceFrozenAt > early)) return null;
  const coming = await db.issue.count({
    where: { kind: "ISSUE", scheduledFor: { gt: early, lt: new Date(slot.getTime() + DAY_MS) } },
  });
  return coming > 0 ? null : slot;
}
