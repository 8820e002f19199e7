/**
 * Gathers what a document asks for from outside itself: the publication's facts (frozen once published), cards of
 * other issues and snippets. Reads only; cards show no more of another issue than any stranger may read.
 */

import { z } from "zod";
import type { Database, Transaction } from "@/lib/db";
import { type AccessRules, accessRulesAt } from "@/lib/memberships/access";
import type { PublicationFacts } from "@/lib/publication/facts";
import { getPublicationFacts, listSnippets, type PublicationSettings } from "@/lib/publication/queries";
import type { Prisma } from "@/prisma/generated/client";
import { cardOf } from "./cut-for-viewer";
import type { IssueCard, IssueFacts } from "./document/facts";
import type { Document } from "./document/schema";
import { nodesOf } from "./document/traverse";
import { readStoredDocument } from "./stored-document";

const frozenFacts = z.object({
  publicationName: z.string(),
  seriesName: z.string(),
  authorName: z.string(),
  publicUrl: z.string(),
  language: z.string(),
  price: z.string(),
  trialDays: z.number(),
  subscriberCount: z.string().nullable(),
}) satisfies z.ZodType<PublicationFacts>;

export type IssueForFacts = {
  slug: string;
  title: string;
  number: number | null;
  frozenFacts: unknown;
};

/** The facts that an issue prints: its frozen ones where it was published, with today's address of the site. */
export async function factsOfIssue(
  db: Database | Transaction,
  issue: IssueForFacts,
  documents: readonly Document[],
  { settings, now }: { settings: PublicationSettings; now: Date },
): Promise<IssueFacts> {
  const [current, snippets] = await Promise.all([getPublicationFacts(db, settings), snippetsOf(db)]);
  const rules = accessRulesAt(now, settings);
  const cards = await cardsFor(db, issue.number, [...documents, ...snippets.values()], rules);
  const frozen = frozenFacts.safeParse(issue.frozenFacts);
  const publication = frozen.success ? { ...frozen.data, publicUrl: current.publicUrl } : current;
  return { publication, slug: issue.slug, title: issue.title, number: issue.number, cards, snippets };
}

async function snippetsOf(db: Database | Transaction): Promise<Map<string, Document>> {
  const rows = await listSnippets(db);
  return new Map(rows.map((row) => [row.name, readStoredDocument(row.body)]));
}

async function cardsFor(
  db: Database | Transaction,
  number: number | null,
  documents: readonly Document[],
  rules: AccessRules,
): Promise<Map<number | "previous", IssueCard>> {
  const wanted = new Map<number | "previous", string | null>();
  for (const document of documents) {
    for (const node of nodesOf(document)) {
      if (node.type === "previousIssue") wanted.set(node.attrs.number ?? "previous", node.attrs.title);
    }
  }
  const cards = new Map<number | "previous", IssueCard>();
  for (const [key, title] of wanted) {
    const row =
      (key !== "previous" && title && (await cardRow(db, { title }))) ||
      (await cardRow(db, {
        number: key === "previous" ? (number === null ? { not: null } : { lt: number }) : key,
      }));
    if (row) cards.set(key, cardOf(row, rules));
  }
  return cards;
}

/** A card's own title goes before its number: an imported issue may have come without its number, which another has. */
function cardRow(db: Database | Transaction, which: Prisma.IssueWhereInput) {
  return db.issue.findFirst({
    where: { kind: "ISSUE", state: "PUBLISHED", ...which },
    orderBy: { number: "desc" },
  });
}
