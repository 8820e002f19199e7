/**
 * Takes a published issue off the web, and puts it back. Guarded, safe to run twice. Mail that was sent stays sent;
 * mail still waiting is paused, so that nobody gets a link to a page that is gone, and stays so until the author lets it
 * go on. Never sends.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Prisma } from "@/prisma/generated/client";

const WITHDRAWN = "The issue was withdrawn.";
const PUT_BACK =
  "The issue was withdrawn and is in the archive again. Its mail waits until you go on sending.";

/** A pause that was there before keeps its reason. */
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

/** Back into the archive under its first date. It mails nobody by itself: what still waits, waits for the author. */
export async function restoreWithdrawn(db: Database, issueId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, state: "DRAFT", withdrawnAt: { not: null }, publishedAt: { not: null } },
      data: { state: "PUBLISHED", withdrawnAt: null },
    });
    if (count === 0) throw new DomainError("CONFLICT", "This issue was not withdrawn.");
    await tx.issue.updateMany({
      where: { id: issueId, sendingPausedReason: WITHDRAWN, OR: [...MAIL_WAITS] },
      data: { sendingPausedReason: PUT_BACK },
    });
    await tx.issue.updateMany({
      where: { id: issueId, sendingPausedReason: WITHDRAWN },
      data: { sendingPausedAt: null, sendingPausedReason: null },
    });
  });
}

/** Some readers have rows that lead somewhere yet, or the audience is still to be written. */
const MAIL_WAITS = [
  { deliveries: { some: { state: { in: ["QUEUED", "SENDING", "DEFERRED"] } } } },
  { kind: "ISSUE", sendsMail: true, audienceFrozenAt: null },
] as const satisfies Prisma.IssueWhereInput[];
