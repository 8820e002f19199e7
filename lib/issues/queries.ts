import type { Database, Transaction } from "@/lib/db";
import { type AccessRules, accessRulesAt, archiveLockedUntil, STRANGER } from "@/lib/memberships/access";
import { getPublication } from "@/lib/publication/queries";
import type { Prisma } from "@/prisma/generated/client";
import { cardOf, cutForViewer } from "./cut-for-viewer";
import { readingMinutes } from "./document/reading";

/** An issue as lists show it to anybody: nothing in it comes from behind a paywall. */
export type IssueInList = {
  slug: string;
  number: number | null;
  title: string;
  subtitle: string;
  excerpt: string;
  publishedAt: Date;
  updatedAt: Date;
  /** Of the free part. */
  minutes: number;
  forMembers: boolean;
};

export type IssuePage = { issues: IssueInList[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 20;

/** Published issues, newest first; `page` counts from 1. The search looks at titles, subtitles and free text only. */
export async function listPublished(
  db: Database | Transaction,
  request: { now: Date; page?: number; pageSize?: number; search?: string },
): Promise<IssuePage> {
  const pageSize = request.pageSize ?? PAGE_SIZE;
  const rules = accessRulesAt(request.now, await getPublication(db));
  const where: Prisma.IssueWhereInput = {
    kind: "ISSUE",
    state: "PUBLISHED",
    publishedAt: { lte: request.now },
    ...found(request.search?.trim().slice(0, 200) ?? "", rules),
  };
  const total = await db.issue.count({ where });
  const pageCount = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.issue.findMany({
    where,
    orderBy: [{ publishedAt: "desc" }, { id: "desc" }],
    skip: (page - 1) * pageSize,
    take: pageSize,
  });
  const issues = rows.flatMap((row): IssueInList[] => {
    if (!row.publishedAt) return [];
    const { document, forMembers } = cutForViewer(row, STRANGER, rules);
    return [
      {
        slug: row.slug,
        number: row.number,
        title: row.title,
        subtitle: row.subtitle,
        excerpt: cardOf(row, rules).excerpt,
        publishedAt: row.publishedAt,
        updatedAt: row.updatedAt,
        minutes: readingMinutes(document),
        forMembers,
      },
    ];
  });
  return { issues, total, page, pageCount };
}

/** `teaserText` was kept when the issue was saved: of an open issue it is the whole, which the age lock closes later. */
function found(search: string, rules: AccessRules): Prisma.IssueWhereInput {
  if (search === "") return {};
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  const locked = archiveLockedUntil(rules);
  return {
    OR: [
      { title: contains },
      { subtitle: contains },
      {
        teaserText: contains,
        ...(locked && {
          OR: [{ audience: "MEMBERS" }, { staysOpen: true }, { publishedAt: { gt: locked } }],
        }),
      },
    ],
  };
}

/** Addresses of everything public, for the sitemap. */
export async function listPublicAddresses(
  db: Database | Transaction,
): Promise<{ slug: string; updatedAt: Date }[]> {
  return db.issue.findMany({
    where: { state: "PUBLISHED" },
    orderBy: { publishedAt: "desc" },
    select: { slug: true, updatedAt: true },
    take: 50_000,
  });
}
