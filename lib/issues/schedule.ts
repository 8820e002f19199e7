/**
 * Schedules an issue for a moment, and takes it back until sending starts. An issue that is in the archive and was never
 * mailed (an imported one) is scheduled for its mail alone. Guarded updates, safe to run twice: a second click finds
 * the issue where the first left it. Never publishes or sends; the worker does.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { askForJob } from "@/lib/jobs";
import { getPublication } from "@/lib/publication/queries";
import type { Issue } from "@/prisma/generated/client";
import { nextFreeSlot } from "./free-slot";
import { findingsOf } from "./preflight";
import type { WeeklySlot } from "./weekly-slot";

const FARTHEST_MS = 2 * 366 * 86_400_000;

export type When = "now" | "next-slot" | Date;

/** Answers the moment chosen. Throws INVALID with what to mend, or CONFLICT when the issue is already out. */
export async function scheduleIssue(
  db: Database,
  request: { issueId: string; when: When },
  { now }: { now: Date },
): Promise<{ scheduledFor: Date }> {
  const issue = await db.issue.findUnique({ where: { id: request.issueId } });
  if (!issue) throw new DomainError("NOT_FOUND", "This issue is gone.");
  if (issue.kind === "PAGE")
    throw new DomainError("INVALID", "A page is published at once; only issues are scheduled.");
  const publication = await getPublication(db);
  const stops = (await findingsOf(db, issue)).filter((finding) => finding.level === "stop");
  if (stops.length > 0) throw new DomainError("INVALID", stops.map((finding) => finding.message).join(" "));
  return db.$transaction(async (tx) => {
    const scheduledFor = await momentFor(tx, { ...request, slot: publication }, now);
    const count = await giveMoment(tx, issue, scheduledFor);
    if (count === 0)
      throw new DomainError(
        "CONFLICT",
        "This issue is already published: its mail went out or is on its way.",
      );
    await askForJob(tx, "publish", { issueId: issue.id }, { notBefore: scheduledFor });
    return { scheduledFor };
  });
}

/** Two issues that ask for the next slot at once get one each. */
async function momentFor(
  tx: Transaction,
  { issueId, when, slot }: { issueId: string; when: When; slot: WeeklySlot },
  now: Date,
): Promise<Date> {
  if (when !== "next-slot") return when === "now" ? now : chosenMoment(when, now);
  await tx.$queryRaw`SELECT id FROM "Publication" FOR UPDATE`;
  return nextFreeSlot(tx, { issueId, slot }, { now });
}

async function giveMoment(
  tx: Transaction,
  { id, state }: Pick<Issue, "id" | "state">,
  scheduledFor: Date,
): Promise<number> {
  const { count } =
    state === "PUBLISHED"
      ? await tx.issue.updateMany({ where: { id, ...NEVER_MAILED }, data: { scheduledFor, ...NOTHING_HELD } })
      : await tx.issue.updateMany({
          where: { id, state: { in: ["DRAFT", "SCHEDULED"] }, audienceFrozenAt: null },
          data: { state: "SCHEDULED", scheduledFor, withdrawnAt: null, ...NOTHING_HELD },
        });
  return count;
}

/** What was withdrawn, or held after a backup was restored, and is scheduled anew is mailed like any other. */
const NOTHING_HELD = { sendingPausedAt: null, sendingPausedReason: null };

/** In the archive, with an audience that was never written: its mail can still be scheduled. */
export const NEVER_MAILED = { state: "PUBLISHED", sendsMail: false, audienceFrozenAt: null } as const;

/** Whether this issue can be given a moment, or another one. */
export function canSchedule(
  issue: Pick<Issue, "kind" | "state" | "sendsMail" | "audienceFrozenAt">,
): boolean {
  if (issue.kind !== "ISSUE" || issue.audienceFrozenAt !== null) return false;
  return issue.state !== "PUBLISHED" || !issue.sendsMail;
}

/** Back to a draft, or to the archive alone, while its moment has not come. Throws CONFLICT once it is out. */
export async function unscheduleIssue(db: Database, issueId: string): Promise<void> {
  const { count } = await db.issue.updateMany({
    where: { id: issueId, state: "SCHEDULED", audienceFrozenAt: null },
    data: { state: "DRAFT", scheduledFor: null, ...NOTHING_HELD },
  });
  if (count > 0) return;
  const archived = await db.issue.updateMany({
    where: { id: issueId, ...NEVER_MAILED },
    data: { scheduledFor: null, ...NOTHING_HELD },
  });
  if (archived.count > 0) return;
  const issue = await db.issue.findUnique({ where: { id: issueId }, select: { state: true } });
  if (!issue) throw new DomainError("NOT_FOUND", "This issue is gone.");
  if (issue.state !== "DRAFT")
    throw new DomainError("CONFLICT", "Too late: this issue is already published.");
}

function chosenMoment(when: Date, now: Date): Date {
  if (Number.isNaN(when.getTime()))
    throw new DomainError("INVALID", "Write a date and a time.", {
      fields: { at: "Write a date and a time." },
    });
  if (when.getTime() < now.getTime() - 60_000) {
    throw new DomainError("INVALID", "That moment has passed. Choose a later one, or “now”.", {
      fields: { at: "Choose a moment that is still to come." },
    });
  }
  if (when.getTime() > now.getTime() + FARTHEST_MS) {
    throw new DomainError("INVALID", "That is more than two years away. Look at the year again.", {
      fields: { at: "Choose a moment within two years." },
    });
  }
  return when;
}
