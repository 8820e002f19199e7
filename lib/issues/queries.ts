import type { Database, Transaction } from "@/lib/db";
import { isForMembers } from "@/lib/memberships/access";
import { getPublication } from "@/lib/publication/queries";
import { readingMinutes } from "./document/reading";
import { cutTeaser, documentFor } from "./document/teaser";
import { cardOf } from "./issue-facts";
import { readStoredDocument } from "./stored-document";

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
  const search = request.search?.trim().slice(0, 200) ?? "";
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  const where = {
    kind: "ISSUE" as const,
    state: "PUBLISHED" as const,
    publishedAt: { lte: request.now },
    ...(search === "" ? {} : { OR: [{ title: contains }, { subtitle: contains }, { teaserText: contains }] }),
  };
  const [total, publication] = await Promise.all([db.issue.count({ where }), getPublication(db)]);
  const pageCount = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.issue.findMany({
    where,
    orderBy: [{ publishedAt: "desc" }, { id: "desc" }],
    skip: (page - 1) * pageSize,
    take: pageSize,
  });
  const rules = {
    now: request.now,
    graceDays: publication.graceDays,
    lockAfterDays: publication.lockAfterDays,
  };
  const issues = rows.flatMap((row): IssueInList[] => {
    if (!row.publishedAt) return [];
    const whole = readStoredDocument(row.body);
    const forMembers = isForMembers({ ...row, hasPaywall: cutTeaser(whole).wall }, rules);
    const audience = forMembers ? ("MEMBERS" as const) : ("EVERYONE" as const);
    const free = documentFor(whole, { audience, canReadWhole: !forMembers });
    return [
      {
        slug: row.slug,
        number: row.number,
        title: row.title,
        subtitle: row.subtitle,
        excerpt: cardOf({ ...row, audience }).excerpt,
        publishedAt: row.publishedAt,
        updatedAt: row.updatedAt,
        minutes: readingMinutes(free.document),
        forMembers,
      },
    ];
  });
  return { issues, total, page, pageCount };
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
