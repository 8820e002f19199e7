/**
 * Reads one published issue for one viewer. Reads only. The document comes back already cut: what this viewer may
 * not read never leaves here, so whoever draws, feeds or mails it cannot leak it.
 */
import type { Database } from "@/lib/db";
import { accessRulesAt, readerKindOf, trialAvailableFor, type Viewer } from "@/lib/memberships/access";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import type { Issue } from "@/prisma/generated/client";
import { cutForViewer } from "./cut-for-viewer";
import { prepareArtwork } from "./document/artwork";
import type { RenderContext } from "./document/facts";
import { excerptOf, type OutlineEntry, outlineOf, readingMinutes } from "./document/reading";
import type { Document } from "./document/schema";
import { factsOfIssue } from "./issue-facts";

export type IssueNeighbour = { slug: string; title: string; number: number | null };

export type IssueForReader = {
  id: string;
  slug: string;
  kind: "ISSUE" | "PAGE";
  number: number | null;
  title: string;
  subtitle: string;
  publishedAt: Date;
  updatedAt: Date;
  /** True where only members read all of it, whoever is asking. */
  forMembers: boolean;
  /** Only what this viewer may read. */
  document: Document;
  /** True where something was held back: draw the paywall after the document. */
  wall: boolean;
  /** Of the part in `document`. */
  minutes: number;
  outline: OutlineEntry[];
  /** Of the part in `document`; falls back to the subtitle. At most 200 characters. */
  excerpt: string;
  context: RenderContext;
  publication: PublicationSettings;
  previous: IssueNeighbour | null;
  next: IssueNeighbour | null;
};

/** Null where there is no such published issue: drafts, scheduled and withdrawn ones do not exist for readers. */
export async function readIssue(
  db: Database,
  request: { slug: string; viewer: Viewer; now: Date },
): Promise<IssueForReader | null> {
  const issue = await db.issue.findUnique({ where: { slug: request.slug } });
  if (issue?.state !== "PUBLISHED" || !issue.publishedAt) return null;
  const publication = await getPublication(db);
  const [previous, next] = await Promise.all([neighbour(db, issue, "before"), neighbour(db, issue, "after")]);
  const reading = await readFor(db, issue, publication, request);
  return { ...reading, publishedAt: issue.publishedAt, publication, previous, next };
}

/**
 * What `viewer` may read of a stored issue, published or not. Callers other than `readIssue` are the author's
 * preview and the mail, which answer for who may ask.
 */
export async function readFor(
  db: Database,
  issue: Issue,
  publication: PublicationSettings,
  request: { viewer: Viewer; now: Date },
): Promise<Omit<IssueForReader, "publishedAt" | "publication" | "previous" | "next">> {
  const { viewer, now } = request;
  const rules = accessRulesAt(now, publication);
  const { document, wall, forMembers } = cutForViewer(issue, viewer, rules);
  const facts = await factsOfIssue(db, issue, [document], { settings: publication, now });
  const context: RenderContext = {
    reader: readerKindOf(viewer, rules),
    issue: facts,
    artwork: await prepareArtwork([document, ...facts.snippets.values()]),
    trialAvailable: trialAvailableFor(viewer) && publication.trialDays > 0,
  };
  return {
    id: issue.id,
    slug: issue.slug,
    kind: issue.kind,
    number: issue.number,
    title: issue.title,
    subtitle: issue.subtitle,
    updatedAt: issue.updatedAt,
    forMembers,
    document,
    wall,
    minutes: readingMinutes(document),
    outline: outlineOf(document),
    excerpt: excerptOf(document, facts.publication) || issue.subtitle,
    context,
  };
}

async function neighbour(
  db: Database,
  issue: Issue,
  side: "before" | "after",
): Promise<IssueNeighbour | null> {
  if (issue.kind === "PAGE" || !issue.publishedAt) return null;
  return db.issue.findFirst({
    where: {
      kind: "ISSUE",
      state: "PUBLISHED",
      publishedAt: side === "before" ? { lt: issue.publishedAt } : { gt: issue.publishedAt },
    },
    orderBy: { publishedAt: side === "before" ? "desc" : "asc" },
    select: { slug: true, title: true, number: true },
  });
}
