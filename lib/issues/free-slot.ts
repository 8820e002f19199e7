import type { Database, Transaction } from "@/lib/db";
import { nextSlot, type WeeklySlot } from "./weekly-slot";

/**
 * The next weekly slot for which no other issue is scheduled: one slot, one issue. Reads only; whoever acts on it locks
 * the publication's row first.
 */
export async function nextFreeSlot(
  db: Database | Transaction,
  request: { issueId: string; slot: WeeklySlot },
  { now }: { now: Date },
): Promise<Date> {
  const others = await db.issue.findMany({
    where: { id: { not: request.issueId }, audienceFrozenAt: null, scheduledFor: { gt: now } },
    select: { scheduledFor: true },
  });
  const taken = new Set(others.map(({ scheduledFor }) => scheduledFor?.getTime()));
  let slot = nextSlot(now, request.slot);
  while (taken.has(slot.getTime())) slot = nextSlot(slot, request.slot);
  return slot;
}
