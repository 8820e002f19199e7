import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { getPublication } from "@/lib/publication/queries";
import type { Issue, IssueState, Prisma } from "@/prisma/generated/client";
import { countWords } from "./document/reading";
import { editedAt } from "./edited-at";
import { missedBefore } from "./missed-moment";
import { findingsOf } from "./preflight";
import type { Finding } from "./readiness";
import { NEVER_MAILED } from "./schedule";
import { readStoredDocument } from "./stored-document";

/** What the author's desk shows of issues. For authors alone: nothing here passes the reader's gate. */

export const DESK_SHELVES = ["drafts", "scheduled", "published", "pages"] as const;
export type DeskShelf = (typeof DESK_SHELVES)[number];

const ON_DESK = {
  id: true,
  kind: true,
  state: true,
  audience: true,
  number: true,
  slug: true,
  title: true,
  subtitle: true,
  createdAt: true,
  updatedAt: true,
  scheduledFor: true,
  publishedAt: true,
  withdrawnAt: true,
  sendingPausedAt: true,
} as const satisfies Prisma.IssueSelect;

const LAST_REVISION = {
  orderBy: { version: "desc" },
  take: 1,
  select: { createdAt: true },
} as const satisfies Prisma.Issue$revisionsArgs;

export type IssueOnDesk = Pick<Issue, keyof typeof ON_DESK> & { words: number; editedAt: Date };

export type DeskPage = { issues: IssueOnDesk[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 25;

export async function listOnDesk(
  db: Database,
  request: { shelf: DeskShelf; search?: string; page?: number },
): Promise<DeskPage> {
  const where = { ...shelfFilter(request.shelf), ...searchFor(request.search) };
  const total = await db.issue.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.issue.findMany({
    where,
    orderBy: shelfOrder(request.shelf),
    skip: (page - 1) * PAGE_SIZE,
    take: PAGE_SIZE,
    select: { ...ON_DESK, body: true, revisions: LAST_REVISION },
  });
  const issues = rows.map(({ body, revisions, ...issue }) => ({
    ...issue,
    words: countWords(readStoredDocument(body)),
    editedAt: editedAt(issue, revisions[0]),
  }));
  return { issues, total, page, pageCount };
}

/** How many lie on each shelf, of those that the search finds. */
export async function countShelves(db: Database, search = ""): Promise<Record<DeskShelf, number>> {
  const counts = await Promise.all(
    DESK_SHELVES.map((shelf) => db.issue.count({ where: { ...shelfFilter(shelf), ...searchFor(search) } })),
  );
  return Object.fromEntries(DESK_SHELVES.map((shelf, index) => [shelf, counts[index] ?? 0])) as Record<
    DeskShelf,
    number
  >;
}

function searchFor(search: string | undefined): Prisma.IssueWhereInput {
  const words = search?.trim().slice(0, 200) ?? "";
  if (words === "") return {};
  const contains = { contains: words.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return { OR: [{ title: contains }, { subtitle: contains }, { slug: contains }] };
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

export type UndecidedIssue = Pick<Issue, "id" | "title" | "state" | "scheduledFor" | "sendingPausedAt">;

/** Issues with a moment that do not go out by themselves any more: the author says what becomes of them. */
export async function listUndecided(db: Database, { now }: { now: Date }): Promise<UndecidedIssue[]> {
  const publication = await getPublication(db);
  return db.issue.findMany({
    where: {
      AND: [
        { OR: [{ state: "SCHEDULED" }, NEVER_MAILED] },
        {
          OR: [
            { scheduledFor: { lte: missedBefore(now, publication) } },
            { scheduledFor: { not: null }, sendingPausedAt: { not: null } },
          ],
        },
      ],
    },
    select: { id: true, title: true, state: true, scheduledFor: true, sendingPausedAt: true },
    orderBy: { scheduledFor: "asc" },
  });
}

export type DeskIssue = { issue: Issue; words: number; editedAt: Date; findings: Finding[] };

/** One issue with what stands between it and its readers. Throws NOT_FOUND. */
export async function getOnDesk(db: Database, issueId: string): Promise<DeskIssue> {
  const found = await db.issue.findUnique({ where: { id: issueId }, include: { revisions: LAST_REVISION } });
  if (!found) throw new DomainError("NOT_FOUND", "This issue is gone.");
  const { revisions, ...issue } = found;
  return {
    issue,
    words: countWords(readStoredDocument(issue.body)),
    editedAt: editedAt(issue, revisions[0]),
    findings: await findingsOf(db, issue),
  };
}
