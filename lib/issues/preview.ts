/**
 * An unpublished or published issue as one kind of reader would see it. Reads only, through the same gate as the
 * site. The caller makes sure that an author asks.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { STRANGER, type Viewer } from "@/lib/memberships/access";
import { getPublication } from "@/lib/publication/queries";
import type { Issue } from "@/prisma/generated/client";
import type { ReaderKind } from "./document/facts";
import { type IssueForReader, readFor } from "./read-issue";

/** With a `revisionId` as it stood then. Throws NOT_FOUND. An unpublished issue shows `now` as its date. */
export async function previewIssue(
  db: Database,
  request: { issueId: string; as: ReaderKind; revisionId?: string },
  { now }: { now: Date },
): Promise<IssueForReader> {
  const present = await db.issue.findUnique({ where: { id: request.issueId } });
  if (!present) throw new DomainError("NOT_FOUND", "This issue is gone.");
  const issue = request.revisionId === undefined ? present : await asItStood(db, present, request.revisionId);
  const publication = await getPublication(db);
  const reading = await readFor(db, issue, publication, { viewer: pretend(request.as), now });
  return {
    ...reading,
    publication,
    publishedAt: issue.publishedAt ?? issue.scheduledFor ?? now,
    previous: null,
    next: null,
  };
}

async function asItStood(db: Database, issue: Issue, revisionId: string): Promise<Issue> {
  const revision = await db.issueRevision.findUnique({ where: { id: revisionId } });
  if (revision?.issueId !== issue.id) throw new DomainError("NOT_FOUND", "This revision is gone.");
  const { title, subtitle, body, createdAt } = revision;
  return { ...issue, title, subtitle, body, updatedAt: createdAt };
}

function pretend(as: ReaderKind): Viewer {
  if (as === "stranger") return STRANGER;
  return {
    kind: "reader",
    subscriberId: "preview",
    email: "reader@example.com",
    isConfirmed: true,
    isAuthor: false,
    membership: as === "member" ? LASTING_MEMBERSHIP : null,
    trialUsed: false,
  };
}

const LASTING_MEMBERSHIP = {
  status: "ACTIVE" as const,
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
  endsAt: null,
  pausedFrom: null,
};
