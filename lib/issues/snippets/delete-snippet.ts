/**
 * Takes a snippet away and puts it back. Guarded, safe to run twice. Refused while an issue that is not out yet names it;
 * issues in the archive show nothing in its place until it is put back. Never touches mail that was sent.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { listSnippetUses, type SnippetUse } from "./snippet-uses";

const MOST_NAMED = 3;

/** Throws NOT_FOUND, or CONFLICT naming the issues that wait with it. Answers its title. */
export async function deleteSnippet(
  db: Database,
  name: string,
  { now }: { now: Date },
): Promise<{ title: string }> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.snippet.updateMany({
      where: { name, deletedAt: null },
      data: { deletedAt: now, version: { increment: 1 } },
    });
    if (count === 0) throw new DomainError("NOT_FOUND", "This snippet was deleted already.");
    const waiting = ((await listSnippetUses(tx)).get(name) ?? []).filter((use) => use.isWaiting);
    if (waiting.length > 0) throw new DomainError("CONFLICT", stillUsed(waiting));
    return tx.snippet.findUniqueOrThrow({ where: { name }, select: { title: true } });
  });
}

/** The same text under the same name. Throws NOT_FOUND where there is nothing to put back. */
export async function restoreSnippet(db: Database, name: string): Promise<void> {
  const { count } = await db.snippet.updateMany({
    where: { name, deletedAt: { not: null } },
    data: { deletedAt: null, version: { increment: 1 } },
  });
  if (count === 0) throw new DomainError("NOT_FOUND", "There is no deleted snippet of this name.");
}

function stillUsed(waiting: readonly SnippetUse[]): string {
  const named = waiting.slice(0, MOST_NAMED).map((use) => `“${use.title || "Untitled"}”`);
  const others = waiting.length - named.length;
  const list = `${named.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  const [issues, them] =
    waiting.length === 1
      ? ["An issue that is not out yet uses", "it"]
      : ["Issues that are not out yet use", "them"];
  return `${issues} this snippet: ${list}. Take it out of ${them} first.`;
}
