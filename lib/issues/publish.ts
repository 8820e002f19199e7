/**
 * Puts a scheduled issue into the archive when its moment has come, with the publication's facts frozen into it, and
 * lets go the mail of one that was there already. One that comes too late, because nothing ran at its moment, is left to
 * the author. Guarded updates, so several workers may try and one succeeds. Never
 * sends mail.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { askForJob } from "@/lib/jobs";
import { getPublication, getPublicationFacts, type PublicationSettings } from "@/lib/publication/queries";
import { missedBefore } from "./missed-moment";
import { NEVER_MAILED } from "./schedule";

/** Issues whose moment has come, to be published or (from the archive) mailed, in the order of their moments. */
export async function listDueIssues(db: Database, now: Date): Promise<{ id: string; slug: string }[]> {
  return db.issue.findMany({
    where: { ...goesOutBy(now, await getPublication(db)), OR: [{ state: "SCHEDULED" }, NEVER_MAILED] },
    orderBy: { scheduledFor: "asc" },
    select: { id: true, slug: true },
  });
}

/** Due, neither missed by so much that the author is asked first, nor held. */
const goesOutBy = (now: Date, publication: PublicationSettings) => ({
  scheduledFor: { lte: now, gt: missedBefore(now, publication) },
  sendingPausedAt: null,
});

/** True where this call published the issue; false where it was not due, taken back, or already out. */
export async function publishIssue(db: Database, issueId: string, { now }: { now: Date }): Promise<boolean> {
  const publication = await getPublication(db);
  const facts = await getPublicationFacts(db, publication);
  return db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "SCHEDULED", ...goesOutBy(now, publication) },
      data: { state: "PUBLISHED", publishedAt: now, releasedAt: now, scheduledFor: null, frozenFacts: facts },
    });
    if (count > 0) await askForJob(tx, "prepare", { issueId });
    return count > 0;
  });
}

/** True where this call released the mail of an archived issue, whose date and facts stay as they are. */
export async function mailFromArchive(
  db: Database,
  issueId: string,
  { now }: { now: Date },
): Promise<boolean> {
  const publication = await getPublication(db);
  return db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, ...NEVER_MAILED, ...goesOutBy(now, publication) },
      data: { sendsMail: true, releasedAt: now, scheduledFor: null },
    });
    if (count > 0) await askForJob(tx, "prepare", { issueId });
    return count > 0;
  });
}

/** Publishes a page (about, roadmap), which has no slot and no mail. */
export async function publishPage(db: Database, issueId: string, { now }: { now: Date }): Promise<void> {
  const { count } = await db.issue.updateMany({
    where: { id: issueId, kind: "PAGE", state: "DRAFT" },
    data: { state: "PUBLISHED", publishedAt: now, sendsMail: false },
  });
  if (count === 0)
    throw new DomainError("CONFLICT", "Only a page that is a draft can be published like this.");
}
