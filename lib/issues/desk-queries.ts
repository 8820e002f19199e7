import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { listSnippetNames } from "@/lib/publication/queries";
import type { Issue, IssueState } from "@/prisma/generated/client";
import { countWords } from "./document/reading";
import { renderMarkdown } from "./document/render-markdown";
import { findingsOf } from "./preflight";
import type { Finding } from "./readiness";
import { readStoredDocument } from "./stored-document";

/** What the author's desk shows of issues. For authors alone: nothing here passes the reader's gate. */

export const DESK_SHELVES = ["drafts", "scheduled", "published", "pages"] as const;
export type DeskShelf = (typeof DESK_SHELVES)[number];

export type IssueOnDesk = Pick<
  Issue,
  | "id"
  | "kind"
  | "state"
  | "audience"
  | "number"
  | "slug"
  | "title"
  | "subtitle"
  | "updatedAt"
  | "scheduledFor"
  | "publishedAt"
  | "withdrawnAt"
> & { words: number };

export type DeskPage = { issues: IssueOnDesk[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 25;

export async function listOnDesk(
  db: Database,
  request: { shelf: DeskShelf; search?: string; page?: number },
): Promise<DeskPage> {
  const search = request.search?.trim().slice(0, 200) ?? "";
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  const where = {
    ...shelfFilter(request.shelf),
    ...(search === "" ? {} : { OR: [{ title: contains }, { subtitle: contains }, { slug: contains }] }),
  };
  const total = await db.issue.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.issue.findMany({
    where,
    orderBy: shelfOrder(request.shelf),
    skip: (page - 1) * PAGE_SIZE,
    take: PAGE_SIZE,
  });
  return { issues: rows.map(onDesk), total, page, pageCount };
}

/** How many lie on each shelf. */
export async function countShelves(db: Database): Promise<Record<DeskShelf, number>> {
  const counts = await Promise.all(
    DESK_SHELVES.map((shelf) => db.issue.count({ where: shelfFilter(shelf) })),
  );
  return Object.fromEntries(DESK_SHELVES.map((shelf, index) => [shelf, counts[index] ?? 0])) as Record<
    DeskShelf,
    number
  >;
}

function shelfFilter(shelf: DeskShelf): { kind: "ISSUE" | "PAGE"; state?: IssueState } {
  switch (shelf) {
    case "drafts":
      return { kind: "ISSUE", state: "DRAFT" };
    case "scheduled":
      return { kind: "ISSUE", state: "SCHEDULED" };
    case "published":
      return { kind: "ISSUE", state: "PUBLISHED" };
    case "pages":
      return { kind: "PAGE" };
  }
}

function shelfOrder(shelf: DeskShelf) {
  if (shelf === "scheduled") return { scheduledFor: "asc" as const };
  return shelf === "published" ? { publishedAt: "desc" as const } : { updatedAt: "desc" as const };
}

function onDesk(issue: Issue): IssueOnDesk {
  const {
    id,
    kind,
    state,
    audience,
    number,
    slug,
    title,
    subtitle,
    updatedAt,
    scheduledFor,
    publishedAt,
    withdrawnAt,
  } = issue;
  return {
    id,
    kind,
    state,
    audience,
    number,
    slug,
    title,
    subtitle,
    updatedAt,
    scheduledFor,
    publishedAt,
    withdrawnAt,
    words: countWords(readStoredDocument(issue.body)),
  };
}

export type DeskIssue = { issue: Issue; words: number; findings: Finding[] };

/** One issue with what stands between it and its readers. Throws NOT_FOUND. */
export async function getOnDesk(db: Database, issueId: string): Promise<DeskIssue> {
  const issue = await db.issue.findUnique({ where: { id: issueId } });
  if (!issue) throw new DomainError("NOT_FOUND", "This issue is gone.");
  const findings = await findingsOf(db, issue);
  return { issue, words: countWords(readStoredDocument(issue.body)), findings };
}

export type Audience = { confirmed: number; members: number };

/** How many people an issue would go to if it were sent now, and how many of them are members. */
export async function countAudience(db: Database): Promise<Audience> {
  const [confirmed, members] = await Promise.all([
    db.subscriber.count({ where: { status: "CONFIRMED" } }),
    db.subscriber.count({
      where: { status: "CONFIRMED", membership: { status: { in: ["TRIALING", "ACTIVE", "PAST_DUE"] } } },
    }),
  ]);
  return { confirmed, members };
}

/** New confirmed subscribers of each of the last `weeks` weeks, oldest first, as a running total. */
export async function confirmedByWeek(
  db: Database,
  { now, weeks }: { now: Date; weeks: number },
): Promise<{ weekStart: Date; total: number }[]> {
  const WEEK_MS = 7 * 86_400_000;
  return Promise.all(
    Array.from({ length: weeks }, async (_, index) => {
      const weekStart = new Date(now.getTime() - (weeks - 1 - index) * WEEK_MS);
      const total = await db.subscriber.count({
        where: { status: "CONFIRMED", confirmedAt: { lte: weekStart } },
      });
      return { weekStart, total };
    }),
  );
}

/** An issue as the writing page shows it: its text as Markdown. Null where it is gone. */
export async function getForEditing(db: Database, issueId: string) {
  const issue = await db.issue.findUnique({ where: { id: issueId } });
  if (!issue) return null;
  const { state, scheduledFor, title, subtitle, subject, preheader, slug, audience, version } = issue;
  const markdown = renderMarkdown(readStoredDocument(issue.body));
  return {
    state,
    scheduledFor,
    draft: { issueId, version, title, subtitle, subject, preheader, slug, audience, markdown },
  };
}
