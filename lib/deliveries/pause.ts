/** Holds the sending of an issue and lets it go on. Guarded, safe to run twice; messages in flight are finished. */
import type { Database } from "@/lib/db";
import { askForJob } from "@/lib/jobs";
import { log } from "@/lib/log";

/** How the reason begins where the mail server does not take us; its words follow. */
export const REFUSES_US = "The mail server refuses us, whoever the reader is: ";

/** True where this call paused it. */
export async function pauseSending(
  db: Database,
  issueId: string,
  { reason, now = new Date() }: { reason: string; now?: Date },
): Promise<boolean> {
  const { count } = await db.issue.updateMany({
    where: { id: issueId, sendingPausedAt: null },
    data: { sendingPausedAt: now, sendingPausedReason: reason },
  });
  if (count > 0) log.warn({ event: "deliveries.paused", issueId, reason }, "sending is paused");
  return count > 0;
}

/** Who waited because of the trouble that paused it is tried at once. True where this call resumed it. */
export async function resumeSending(db: Database, issueId: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "PUBLISHED", sendingPausedAt: { not: null } },
      data: { sendingPausedAt: null, sendingPausedReason: null },
    });
    if (count === 0) return false;
    await tx.delivery.updateMany({
      where: { issueId, state: "DEFERRED" },
      data: { state: "QUEUED", nextAttemptAt: new Date(0) },
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
