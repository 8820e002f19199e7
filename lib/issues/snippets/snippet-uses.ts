/** Where snippets stand. Reads only. */
import type { Database, Transaction } from "@/lib/db";
import type { IssueState } from "@/prisma/generated/client";

export type SnippetUse = {
  id: string;
  title: string;
  number: number | null;
  state: IssueState;
  /** True while readers, or the mail, still wait for the issue: without the snippet it would come out with a gap. */
  isWaiting: boolean;
};

type Row = SnippetUse & { name: string };

/** Issues and pages by the snippet's name, what waits first and then the newest. */
export async function listSnippetUses(db: Database | Transaction): Promise<Map<string, SnippetUse[]>> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT DISTINCT ON ("isWaiting", issue."createdAt", issue.id, named.name)
      named.name, issue.id, issue.title, issue.number, issue.state::text AS state,
      issue.state <> 'PUBLISHED' OR issue."scheduledFor" IS NOT NULL
        OR (issue."sendsMail" AND issue."audienceFrozenAt" IS NULL) AS "isWaiting"
    FROM "Issue" AS issue
    CROSS JOIN LATERAL (
      SELECT jsonb_path_query(issue.body, 'strict $.** ? (@.type == "snippet").attrs.name', '{}', true) #>> '{}' AS name
    ) AS named
    ORDER BY "isWaiting" DESC, issue."createdAt" DESC, issue.id, named.name`;
  const uses = new Map<string, SnippetUse[]>();
  for (const { name, ...use } of rows) uses.set(name, [...(uses.get(name) ?? []), use]);
  return uses;
}
