/**
 * Earlier states of an issue. One is kept before a save when the last is older than five minutes (autosave writes
 * every few seconds), and always before an edit of a published issue or a restore. Safe to run twice: a version is
 * kept once.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Issue, Prisma } from "@/prisma/generated/client";
import { countWords } from "./document/reading";
import { searchableText } from "./searchable-text";
import { readStoredDocument } from "./stored-document";

/** Where a draft is saved again and again. */
export const APART_MS = 5 * 60_000;
const KEPT = 200;

/** Keeps the state that a save is about to replace. */
export async function keepRevision(
  tx: Transaction,
  issue: Issue,
  { now, always }: { now: Date; always: boolean },
): Promise<void> {
  const last = await tx.issueRevision.findFirst({
    where: { issueId: issue.id },
    orderBy: { version: "desc" },
    select: { createdAt: true },
  });
  if (!always && last && now.getTime() - last.createdAt.getTime() < APART_MS) return;
  await tx.issueRevision.createMany({
    data: [
      {
        issueId: issue.id,
        version: issue.version,
        title: issue.title,
        subtitle: issue.subtitle,
        body: issue.body as Prisma.InputJsonValue,
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
  const beyond = await tx.issueRevision.findMany({
    where: { issueId: issue.id },
    orderBy: { version: "desc" },
    skip: KEPT,
    select: { id: true },
  });
  if (beyond.length > 0)
    await tx.issueRevision.deleteMany({ where: { id: { in: beyond.map((row) => row.id) } } });
}

export type RevisionInList = { id: string; version: number; title: string; words: number; createdAt: Date };

export async function listRevisions(db: Database, issueId: string): Promise<RevisionInList[]> {
  const rows = await db.issueRevision.findMany({
    where: { issueId },
    orderBy: { version: "desc" },
    take: KEPT,
  });
  return rows.map(({ id, version, title, body, createdAt }) => ({
    id,
    version,
    title,
    words: countWords(readStoredDocument(body)),
    createdAt,
  }));
}

/** Brings an earlier state back as a new version; the present one is kept, so this too can be undone. */
export async function restoreRevision(
  db: Database,
  request: { issueId: string; revisionId: string },
  { now }: { now: Date },
): Promise<{ version: number }> {
  return db.$transaction(async (tx) => {
    const revision = await tx.issueRevision.findUnique({ where: { id: request.revisionId } });
    const issue = await tx.issue.findUnique({ where: { id: request.issueId } });
    if (!issue || revision?.issueId !== issue.id)
      throw new DomainError("NOT_FOUND", "This revision is gone.");
    await keepRevision(tx, issue, { now, always: true });
    const document = readStoredDocument(revision.body);
    const { count } = await tx.issue.updateMany({
      where: { id: issue.id, version: issue.version },
      data: {
        title: revision.title,
        subtitle: revision.subtitle,
        body: document as Prisma.InputJsonValue,
        teaserText: searchableText(document, issue.audience),
        version: issue.version + 1,
      },
    });
    if (count === 0)
      throw new DomainError("CONFLICT", "The issue was saved meanwhile. Look at it and try again.");
    return { version: issue.version + 1 };
  });
}
