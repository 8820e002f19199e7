/**
 * Puts a scheduled issue into the archive when its moment has come, with the publication's facts frozen into it.
 * A guarded update, so several workers may try and one succeeds. Never sends mail.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { getPublicationFacts } from "@/lib/publication/queries";

/** Scheduled issues whose moment has come, in the order of their moments. */
export async function listDueIssues(db: Database, now: Date): Promise<{ id: string; slug: string }[]> {
  return db.issue.findMany({
    where: { state: "SCHEDULED", scheduledFor: { lte: now } },
    orderBy: { scheduledFor: "asc" },
    select: { id: true, slug: true },
  });
}

/** True where this call published the issue; false where it was not due, taken back, or already out. */
export async function publishIssue(db: Database, issueId: string, { now }: { now: Date }): Promise<boolean> {
  const facts = await getPublicationFacts(db);
  const { count } = await db.issue.updateMany({
    where: { id: issueId, state: "SCHEDULED", scheduledFor: { lte: now } },
    data: { state: "PUBLISHED", publishedAt: now, frozenFacts: facts },
  });
  return count > 0;
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
