import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Issue } from "@/prisma/generated/client";

export type FoundIssue = Pick<Issue, "id" | "slug" | "title" | "state" | "scheduledFor" | "publishedAt">;

/** The issue at /p/<slug>, in whatever state. Throws NOT_FOUND. */
export async function requireIssueBySlug(db: Database, slug: string): Promise<FoundIssue> {
  const issue = await db.issue.findUnique({
    where: { slug },
    select: { id: true, slug: true, title: true, state: true, scheduledFor: true, publishedAt: true },
  });
  if (!issue) throw new DomainError("NOT_FOUND", `There is no issue at /p/${slug}.`);
  return issue;
}
