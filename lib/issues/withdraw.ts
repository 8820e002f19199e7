/**
 * Takes a published issue off the web, and puts it back. Guarded, safe to run twice. Mail that was sent stays sent;
 * mail still waiting is paused, so that nobody gets a link to a page that is gone.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";

export async function withdrawIssue(db: Database, issueId: string, { now }: { now: Date }): Promise<void> {
  const { count } = await db.issue.updateMany({
    where: { id: issueId, state: "PUBLISHED" },
    data: {
      state: "DRAFT",
      withdrawnAt: now,
      scheduledFor: null,
      sendingPausedAt: now,
      sendingPausedReason: "The issue was withdrawn.",
    },
  });
  if (count === 0) throw new DomainError("CONFLICT", "Only a published issue can be withdrawn.");
}

/** Back into the archive under its first date. Mail goes on only where it had begun. */
export async function restoreWithdrawn(db: Database, issueId: string): Promise<void> {
  const { count } = await db.issue.updateMany({
    where: { id: issueId, state: "DRAFT", withdrawnAt: { not: null }, publishedAt: { not: null } },
    data: { state: "PUBLISHED", withdrawnAt: null, sendingPausedAt: null, sendingPausedReason: null },
  });
  if (count === 0) throw new DomainError("CONFLICT", "This issue was not withdrawn.");
}
