/** What the author's desk shows of snippets. Reads only. */
import type { Database } from "@/lib/db";
import { getPublicationFacts } from "@/lib/publication/queries";
import { excerptOf } from "../document/reading";
import type { Document } from "../document/schema";
import { readStoredDocument } from "../stored-document";
import { listSnippetUses, type SnippetUse } from "./snippet-uses";

export type SnippetOnDesk = {
  name: string;
  title: string;
  /** Its first words. */
  excerpt: string;
  updatedAt: Date;
  uses: SnippetUse[];
};

export async function listSnippetsOnDesk(db: Database): Promise<SnippetOnDesk[]> {
  const [rows, uses, facts] = await Promise.all([
    db.snippet.findMany({ where: { deletedAt: null }, orderBy: { title: "asc" } }),
    listSnippetUses(db),
    getPublicationFacts(db),
  ]);
  return rows.map(({ name, title, body, updatedAt }) => ({
    name,
    title,
    excerpt: excerptOf(readStoredDocument(body), facts, 120),
    updatedAt,
    uses: uses.get(name) ?? [],
  }));
}

export type SnippetForEditing = {
  name: string;
  title: string;
  document: Document;
  version: number;
  updatedAt: Date;
  uses: SnippetUse[];
};

/** Null where there is none, or it was deleted. */
export async function getSnippet(db: Database, name: string): Promise<SnippetForEditing | null> {
  const row = await db.snippet.findFirst({ where: { name, deletedAt: null } });
  if (!row) return null;
  const { title, version, updatedAt } = row;
  const document = readStoredDocument(row.body);
  const uses = (await listSnippetUses(db)).get(name) ?? [];
  return { name, title, document, version, updatedAt, uses };
}

/** What was deleted lately and can be put back, the last one first. */
export async function listDeletedSnippets(db: Database): Promise<{ name: string; title: string }[]> {
  return db.snippet.findMany({
    where: { deletedAt: { not: null } },
    orderBy: { deletedAt: "desc" },
    select: { name: true, title: true },
    take: 20,
  });
}
