/**
 * Lets those read everything who were comped or gifted a membership in the place that a list came from, for as long as
 * it said. Asks nobody and mails nobody. May run twice: who was settled stays so. Never touches a membership that
 * is here already.
 */
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import type { MoveIn } from "@/prisma/generated/client";
import { recordChange } from "./change";

export type GuestCounts = { comped: number; gifted: number };

export async function openListedGuests(db: Database, { now }: { now: Date }): Promise<GuestCounts> {
  const waiting = await db.moveIn.findMany({
    where: { kind: { in: ["COMP", "GIFT"] }, state: { in: ["WAITING", "PROPOSED", "UNDECIDED"] } },
    orderBy: { subscriberId: "asc" },
  });
  const counts: GuestCounts = { comped: 0, gifted: 0 };
  for (const row of waiting) {
    if (!(await openOne(db, row, now))) continue;
    if (row.kind === "GIFT") counts.gifted += 1;
    else counts.comped += 1;
  }
  if (waiting.length > 0) log.info({ event: "memberships.guests-moved-in", ...counts });
  return counts;
}

/** False where it had ended, where a membership is here already, or where another process was first. */
async function openOne(db: Database, row: MoveIn, now: Date): Promise<boolean> {
  const { subscriberId, kind, paidUntil } = row;
  const hasEnded = paidUntil !== null && paidUntil <= now;
  return db.$transaction(async (tx) => {
    const { count: settled } = await tx.moveIn.updateMany({
      where: { subscriberId, state: row.state },
      data: { state: hasEnded ? "LEFT" : "GUEST", decidedAt: now },
    });
    if (settled === 0 || hasEnded) return false;
    const { count: opened } = await tx.membership.createMany({
      data: [
        {
          subscriberId,
          source: kind === "GIFT" ? "GIFT" : "COMP",
          status: "ACTIVE",
          startedAt: row.firstPaymentAt ?? now,
          endsAt: paidUntil,
        },
      ],
      skipDuplicates: true,
    });
    if (opened === 0) {
      await tx.moveIn.update({ where: { subscriberId }, data: { state: "LEFT" } });
      return false;
    }
    const after = await tx.membership.findUniqueOrThrow({ where: { subscriberId } });
    await recordChange(tx, { subscriberId, before: null, after, cause: { kind: "MOVE" } }, { now });
    return true;
  });
}
