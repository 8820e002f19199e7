/**
 * Mails the author an issue as one kind of reader would get it, through the same renderer and transport as Friday's
 * mail. May run any number of times: each press is one mail.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { enqueueNotice } from "@/lib/mail/notices";

export async function mailTestIssue(
  db: Database,
  request: { issueId: string; variant: "WHOLE" | "TEASER"; to: { subscriberId: string; email: string } },
  { now }: { now: Date },
): Promise<void> {
  const issue = await db.issue.findUnique({ where: { id: request.issueId }, select: { title: true } });
  if (!issue) throw new DomainError("NOT_FOUND", "This issue is gone.");
  if (issue.title === "")
    throw new DomainError("INVALID", "Give the issue a title first: it is the mail's subject.");
  await enqueueNotice(db, {
    kind: "test-issue",
    to: { subscriberId: request.to.subscriberId, email: request.to.email },
    dedupeKey: `test-issue:${request.issueId}:${now.getTime()}:${randomUUID().slice(0, 8)}`,
    data: { issueId: request.issueId, variant: request.variant },
  });
}
