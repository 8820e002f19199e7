/**
 * Keeps a snippet's text. A save names the version it began from and is refused when another tab saved in between, so no
 * word is overwritten unseen. Never renames: issues know a snippet by its name. Mail that was sent stays as it was; the
 * web shows the new text in every issue that names it.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Prisma, Snippet } from "@/prisma/generated/client";
import { renderMarkdown } from "../document/render-markdown";
import { readStoredDocument } from "../stored-document";
import type { NewSnippet, SnippetSave } from "./schema";
import { snippetDocument } from "./snippet-document";

export type SavedSnippet = { name: string; version: number };

/**
 * Throws INVALID, also where the name is taken. A deleted snippet of that name is replaced.
 */
export async function createSnippet(db: Database, input: NewSnippet): Promise<SavedSnippet> {
  const body = snippetDocument(input.body) as Prisma.InputJsonValue;
  const { name, title } = input;
  return db.$transaction(async (tx) => {
    const made = await tx.snippet.createMany({ data: { name, title, body }, skipDuplicates: true });
    if (made.count === 1) return { name, version: 1 };
    const replaced = await tx.snippet.updateMany({
      where: { name, deletedAt: { not: null } },
      data: { title, body, deletedAt: null, version: { increment: 1 } },
    });
    if (replaced.count === 0) throw await taken(tx, name);
    const { version } = await tx.snippet.findUniqueOrThrow({ where: { name }, select: { version: true } });
    return { name, version };
  });
}

/**
 * Throws INVALID as above, NOT_FOUND, or CONFLICT when somebody saved in between: nothing was written then, and `fields` hold the
 * present `version` with its `title` and `markdown` as `theirTitle` and `theirMarkdown`.
 */
export async function saveSnippet(db: Database, input: SnippetSave): Promise<SavedSnippet> {
  const body = snippetDocument(input.body) as Prisma.InputJsonValue;
  const { name, version, title } = input;
  const { count } = await db.snippet.updateMany({
    where: { name, version, deletedAt: null },
    data: { title, body, version: version + 1 },
  });
  if (count === 1) return { name, version: version + 1 };
  const current = await db.snippet.findUnique({ where: { name } });
  if (!current || current.deletedAt) throw new DomainError("NOT_FOUND", "This snippet was deleted.");
  throw changedElsewhere(current);
}

async function taken(tx: Transaction, name: string): Promise<DomainError> {
  const other = await tx.snippet.findUniqueOrThrow({ where: { name }, select: { title: true } });
  return new DomainError("INVALID", `“${other.title}” has the name ${name} already.`, {
    fields: { name: "This name is taken. Choose another, or edit that snippet." },
  });
}

function changedElsewhere(current: Snippet): DomainError {
  return new DomainError(
    "CONFLICT",
    "This snippet was saved from another tab or device since you opened it here. Nothing was overwritten.",
    {
      fields: {
        version: String(current.version),
        theirTitle: current.title,
        theirMarkdown: renderMarkdown(readStoredDocument(current.body)),
      },
    },
  );
}
