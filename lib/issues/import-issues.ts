/**
 * Brings issues from elsewhere into the archive. Safe to run again: an issue is known by its import key and is left as it
 * is the second time, with whatever the author changed since. Imported issues are never mailed by themselves.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type GuestCounts, openListedGuests } from "@/lib/memberships/move-in-guests";
import { saveBatch } from "@/lib/subscribers/import-batch";
import type { Prisma } from "@/prisma/generated/client";
import { ImportRefused } from "./document/import/import-notes";
import { documentFromMarkdown } from "./document/import/markdown";
import {
  type ExportNote,
  type ImportedIssue,
  type ImportedSubscriberRow,
  readSubstackExport,
  type Skipped,
} from "./document/import/substack-export";
import { freeSlug } from "./edit";
import { describeRemotePictures } from "./images/remote-pictures";
import { slugFrom } from "./schema";
import { searchableText } from "./searchable-text";

export type IssueInReport = { id: string; title: string; slug: string };

export type ImportReport = {
  added: IssueInReport[];
  /** Came with an earlier import and were left as they are. */
  known: IssueInReport[];
  subscribers: { added: number; confirmed: number; unchanged: number; left: number } | null;
  /** Paying readers whose Stripe subscription has to be moved before they are members here. */
  undecidedMembers: number;
  /** Readers who were comped or gifted there, and read everything here now. */
  guests: GuestCounts;
  skipped: Skipped[];
  notes: ExportNote[];
};

type Options = {
  now: Date;
  withSubscribers: boolean;
  /** Of the issues, each time one is settled. */
  onProgress?: (done: number, of: number) => void;
};

/** Throws INVALID, with what is wrong, for a file that is no Substack export. Nothing was written then. */
export async function importSubstackExport(
  db: Database,
  zip: Uint8Array,
  options: Options,
): Promise<ImportReport> {
  const found = reading(() => readSubstackExport(zip));
  const report: ImportReport = {
    added: [],
    known: [],
    subscribers: null,
    undecidedMembers: 0,
    guests: { comped: 0, gifted: 0 },
    skipped: [...found.skipped],
    notes: [...found.notes],
  };
  for (const [index, issue] of found.issues.entries()) {
    await keepIssue(db, issue, report);
    options.onProgress?.(index + 1, found.issues.length);
  }
  if (options.withSubscribers) await keepSubscribers(db, found.subscribers, options.now, report);
  log.info({ event: "issues.imported", added: report.added.length, known: report.known.length });
  return report;
}

/** One issue from Markdown with front matter; its slug, or its title, is what knows it again. */
export async function importMarkdownIssue(
  db: Database,
  source: string,
  options: { fileName: string },
): Promise<ImportReport> {
  const { document, frontMatter, notes } = reading(() => documentFromMarkdown(source));
  const title = frontMatter.title ?? options.fileName.replace(/\.(md|markdown)$/i, "");
  const slug = frontMatter.slug ?? slugFrom(title);
  if (slug === "") throw new DomainError("INVALID", "The file needs a title or a slug in its front matter.");
  const report: ImportReport = {
    added: [],
    known: [],
    subscribers: null,
    undecidedMembers: 0,
    guests: { comped: 0, gifted: 0 },
    skipped: [],
    notes: [],
  };
  report.notes = notes.map((note) => ({
    what: note.line === null ? options.fileName : `${options.fileName}, line ${note.line}`,
    message: note.message,
  }));
  await keepIssue(
    db,
    {
      importKey: `markdown:${slug}`,
      kind: "ISSUE",
      slug,
      title,
      subtitle: frontMatter.subtitle ?? null,
      number: frontMatter.number ?? null,
      date: null,
      state: "DRAFT",
      audience: frontMatter.audience ?? "EVERYONE",
      document,
    },
    report,
    { subject: frontMatter.subject ?? "", preheader: frontMatter.preheader ?? "" },
  );
  return report;
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImportRefused) throw new DomainError("INVALID", error.message, { cause: error });
    throw error;
  }
}

async function keepIssue(
  db: Database,
  issue: ImportedIssue,
  report: ImportReport,
  mail: { subject: string; preheader: string } = { subject: "", preheader: "" },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const known = await tx.issue.findUnique({
      where: { importKey: issue.importKey },
      select: { id: true, title: true, slug: true },
    });
    if (known) {
      report.known.push(known);
      return;
    }
    const slug = await freeSlug(tx, issue.slug);
    if (slug !== issue.slug) {
      report.notes.push({
        what: issue.title,
        message: `Its address /p/${issue.slug} is taken here; it lies at /p/${slug}.`,
      });
    }
    const { id } = await tx.issue.create({
      select: { id: true },
      data: {
        importKey: issue.importKey,
        kind: issue.kind,
        state: issue.state,
        audience: issue.audience,
        number: await freeNumber(tx, issue, report),
        slug,
        title: issue.title,
        subtitle: issue.subtitle ?? "",
        ...mail,
        body: issue.document as Prisma.InputJsonValue,
        teaserText: searchableText(issue.document, issue.audience),
        publishedAt: issue.state === "PUBLISHED" ? issue.date : null,
        sendsMail: issue.state === "DRAFT",
      },
    });
    report.added.push({ id, title: issue.title, slug });
    const elsewhere = describeRemotePictures(issue.document);
    if (elsewhere) report.notes.push({ what: issue.title, message: elsewhere });
  });
}

async function freeNumber(
  tx: Transaction,
  issue: ImportedIssue,
  report: ImportReport,
): Promise<number | null> {
  if (issue.number === null || issue.kind === "PAGE") return null;
  const holder = await tx.issue.findUnique({ where: { number: issue.number }, select: { title: true } });
  if (!holder) return issue.number;
  report.notes.push({
    what: issue.title,
    message: `Number ${issue.number} belongs to “${holder.title || "another issue"}” here, so it came without one.`,
  });
  return null;
}

/** Confirmed, because they had agreed to get this mail there; whoever had it switched off comes as unsubscribed. */
async function keepSubscribers(
  db: Database,
  rows: readonly ImportedSubscriberRow[],
  now: Date,
  report: ImportReport,
): Promise<void> {
  const totals = { added: 0, confirmed: 0, unchanged: 0, left: 0 };
  for (let start = 0; start < rows.length; start += 1_000) {
    const batch = rows.slice(start, start + 1_000).map((row) => ({
      email: row.email,
      name: "",
      status: row.emailDisabled ? ("UNSUBSCRIBED" as const) : null,
      createdAt: row.joinedAt,
      paid: paidElsewhere(row),
    }));
    const counts = await saveBatch(db, batch, { now, confirmed: true, source: "Substack export" });
    totals.added += counts.added;
    totals.confirmed += counts.confirmed;
    totals.unchanged += counts.unchanged;
    totals.left += counts.left;
  }
  report.subscribers = totals;
  report.undecidedMembers = rows.filter(({ membership }) => membership.kind === "PAID").length;
  report.guests = await openListedGuests(db, { now });
}

function paidElsewhere({ membership, plan, firstPaymentAt, stripeCustomerId }: ImportedSubscriberRow) {
  const { kind, until } = membership;
  if (kind === "NONE") return null;
  return { kind, plan: plan ?? "", paidUntil: until, firstPaymentAt, stripeCustomerId };
}
