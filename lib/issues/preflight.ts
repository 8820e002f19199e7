/** Checks a stored issue against what it refers to: snippets and earlier issues. Reads only. */
import type { Database } from "@/lib/db";
import { listSnippetNames } from "@/lib/publication/queries";
import type { Issue } from "@/prisma/generated/client";
import { checkReadiness, type Finding } from "./readiness";
import { readStoredDocument } from "./stored-document";

export async function findingsOf(db: Database, issue: Issue): Promise<Finding[]> {
  const [snippetNames, published] = await Promise.all([
    listSnippetNames(db),
    db.issue.findMany({
      where: { kind: "ISSUE", state: "PUBLISHED", number: { not: null } },
      select: { number: true },
    }),
  ]);
  return checkReadiness({
    ...issue,
    document: readStoredDocument(issue.body),
    snippetNames,
    publishedNumbers: new Set(published.flatMap((row) => row.number ?? [])),
  });
}
