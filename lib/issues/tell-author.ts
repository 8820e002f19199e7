/**
 * Tells every author by mail what needs them: an issue whose moment was missed, a slot without an issue on the day before,
 * an issue that the mail server refuses. Each fact is told once, however often and by however many workers it is looked for.
 */
import { listAuthorAddresses } from "@/lib/auth/authors";
import type { Database, Transaction } from "@/lib/db";
import type { NoticeContent } from "@/lib/mail/notice-kinds";
import { enqueueNotice } from "@/lib/mail/notices";
import { getPublication } from "@/lib/publication/queries";
import { keyedHash } from "@/lib/tokens";
import { findEmptySlot } from "./empty-slot";
import { missedBefore } from "./missed-moment";
import { NEVER_MAILED } from "./schedule";

/** How many issues wait for a decision because nothing ran at their moment. */
export async function tellOfMissedMoments(db: Database, { now }: { now: Date }): Promise<number> {
  const publication = await getPublication(db);
  const missed = await db.issue.findMany({
    where: {
      scheduledFor: { lte: missedBefore(now, publication) },
      sendingPausedAt: null,
      OR: [{ state: "SCHEDULED" }, NEVER_MAILED],
    },
    select: { id: true, title: true, scheduledFor: true },
  });
  for (const { id, title, scheduledFor } of missed) {
    if (scheduledFor) await tellOfMissedMoment(db, { id, title, dueAt: scheduledFor });
  }
  return missed.length;
}

export async function tellOfMissedMoment(
  db: Database,
  { id, title, dueAt }: { id: string; title: string; dueAt: Date },
): Promise<void> {
  await tellAuthors(db, `moment-missed:${id}:${dueAt.getTime()}`, {
    kind: "moment-missed",
    data: { issueId: id, title, dueAt: dueAt.toISOString() },
  });
}

/** The slot that was found empty, or null. */
export async function tellOfEmptySlot(db: Database, { now }: { now: Date }): Promise<Date | null> {
  const slot = await findEmptySlot(db, { now });
  if (slot) {
    await tellAuthors(db, `slot-empty:${slot.toISOString()}`, {
      kind: "slot-empty",
      data: { slotAt: slot.toISOString() },
    });
  }
  return slot;
}

/** In the transaction of the pause. `words` are what the mail server said, without addresses. */
export async function tellOfPausedSending(
  tx: Transaction,
  paused: { issueId: string; at: Date; words: string },
): Promise<void> {
  const { issueId, at, words } = paused;
  const { title } = await tx.issue.findUniqueOrThrow({ where: { id: issueId }, select: { title: true } });
  await tellAuthors(tx, `sending-paused:${issueId}:${at.getTime()}`, {
    kind: "sending-paused",
    data: { issueId, title, pausedAt: at.toISOString(), words },
  });
}

async function tellAuthors(db: Database | Transaction, fact: string, content: NoticeContent): Promise<void> {
  for (const email of await listAuthorAddresses(db)) {
    const dedupeKey = `${fact}:${keyedHash("address", email).slice(0, 16)}`;
    await enqueueNotice(db, { ...content, to: { subscriberId: null, email }, dedupeKey });
  }
}
