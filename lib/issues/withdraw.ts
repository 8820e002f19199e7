/**
 * Takes a published issue off the web, and puts it back. Guarded, safe to run twice. Mail that was sent stays sent;
 * mail still waiting is paused, so that nobody gets a link to a page that is gone.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";

const WITHDRAWN = "The issue was withdrawn.";

/** A pause that was there before keeps its reason, so that putting the issue back does not end it. */
export async function withdrawIssue(db: Database, issueId: string, { now }: { now: Date }): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "PUBLISHED" },
      data: { state: "DRAFT", withdrawnAt: now, scheduledFor: null },
    });
    if (count === 0) throw new DomainError("CONFLICT", "Only a published issue can be withdrawn.");
    await tx.issue.updateMany({
      where: { id: issueId, sendingPausedAt: null },
      data: { sendingPausedAt: now, sendingPausedReason: WITHDRAWN },
    });
  });
}

/** Back into the archive under its first date. Mail that the withdrawing held goes out; what was paused before waits. */
export async function restoreWithdrawn(db: Database, issueId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "DRAFT", withdrawnAt: { not: null }, publishedAt: { not: null } },
      data: { state: "PUBLISHED", withdrawnAt: null },
    });
    if (count === 0) throw new DomainError("CONFLICT", "This issue was not withdrawn.");
    await tx.issue.updateMany({
      where: { id: issueId, sendingPausedReason: WITHDRAWN },
      data: { sendingPausedAt: null, sendingPausedReason: null },
    });
  });
}
