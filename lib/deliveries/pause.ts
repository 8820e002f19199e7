/** Holds the sending of an issue and lets it go on. Guarded, safe to run twice; messages in flight are finished. */
import { type Database, databaseNow, type Transaction } from "@/lib/db";
import { tellOfPausedSending } from "@/lib/issues/tell-author";
import { askForJob } from "@/lib/jobs";
import { log, maskPersonalText } from "@/lib/log";

/** How the reason begins where we are not taken; the words that were said follow. */
const REFUSES_US = "Mail is refused because of us, not of its readers: ";

/** True where this call paused it. */
export async function pauseSending(
  db: Database,
  issueId: string,
  { reason, now }: { reason: string; now: Date },
): Promise<boolean> {
  const paused = await pauseWhereItGoes(db, issueId, { reason, now });
  if (paused) logPause(issueId, reason);
  return paused;
}

/**
 * Where mail is refused because of us, in `words`: nobody may be looking then, so every author is told by mail, once for each
 * pause. True where this call paused it.
 */
export async function pauseRefusedSending(
  db: Database,
  issueId: string,
  { words }: { words: string },
): Promise<boolean> {
  const masked = maskPersonalText(words);
  const reason = `${REFUSES_US}${masked}`;
  const paused = await db.$transaction(async (tx) => {
    const at = await databaseNow(tx);
    if (!(await pauseWhereItGoes(tx, issueId, { reason, now: at }))) return false;
    await tellOfPausedSending(tx, { issueId, at, words: masked });
    return true;
  });
  if (paused) logPause(issueId, reason);
  return paused;
}

async function pauseWhereItGoes(
  tx: Database | Transaction,
  issueId: string,
  { reason, now }: { reason: string; now: Date },
): Promise<boolean> {
  const { count } = await tx.issue.updateMany({
    where: { id: issueId, sendingPausedAt: null },
    data: { sendingPausedAt: now, sendingPausedReason: reason },
  });
  return count > 0;
}

function logPause(issueId: string, reason: string): void {
  log.warn({ event: "deliveries.paused", issueId, reason }, "sending is paused");
}

/**
 * Who waited because of the trouble that paused it is tried at once, but after those who were not tried yet: whoever
 * refuses again must not keep it from them. True where this call resumed it.
 */
export async function resumeSending(db: Database, issueId: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "PUBLISHED", sendingPausedAt: { not: null } },
      data: { sendingPausedAt: null, sendingPausedReason: null },
    });
    if (count === 0) return false;
    const now = await databaseNow(tx);
    await tx.issue.updateMany({ where: { id: issueId, audienceFrozenAt: null }, data: { releasedAt: now } });
    await tx.delivery.updateMany({
      where: {
        issueId,
        OR: [{ state: "DEFERRED" }, { state: "QUEUED", nextAttemptAt: { gt: now } }],
      },
      data: { state: "QUEUED", nextAttemptAt: now },
    });
    await askForJob(tx, "send", { issueId });
    log.info({ event: "deliveries.resumed", issueId }, "sending goes on");
    return true;
  });
}

/**
 * The author's decision about messages of which nobody can know whether they arrived: mail them again (the same message,
 * perhaps twice) or leave them. Returns how many it settled.
 */
export async function resolveUncertain(
  db: Database,
  issueId: string,
  decision: "resend" | "leave",
): Promise<number> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { issueId, state: "UNCERTAIN" },
      data:
        decision === "resend"
          ? { state: "QUEUED", nextAttemptAt: new Date(0), reply: null }
          : { state: "FAILED", reply: "left by the author: it is not known whether it arrived" },
    });
    if (decision === "resend" && count > 0) await askForJob(tx, "send", { issueId });
    return count;
  });
}
