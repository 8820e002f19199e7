import type { Document } from "../../schema";
import { EMPTY_DOCUMENT } from "../../schema";
import { ImportRefused, shortly } from "../import-notes";
import { inferSeriesName, numberInTitle } from "../substack/series";
import { documentFromSubstackHtml } from "../substack-html";
import { decodeText } from "./decode-text";
import type { PostRow } from "./post-rows";
import type { ExportReport } from "./report";
import type { ZipEntry } from "./zip";

/** A post as an issue, or as a page of the site. Importing it twice is recognised by `importKey`. */
export type ImportedIssue = {
  /** `substack:<id>`. */
  importKey: string;
  kind: "ISSUE" | "PAGE";
  slug: string;
  /** As Substack showed it, with the series' name and number in it. */
  title: string;
  subtitle: string | null;
  /** The number that the title gives it within the series. */
  number: number | null;
  date: Date | null;
  state: "PUBLISHED" | "DRAFT";
  audience: "EVERYONE" | "MEMBERS";
  document: Document;
};

const KINDS: ReadonlyMap<string, ImportedIssue["kind"]> = new Map([
  ["newsletter", "ISSUE"],
  ["page", "PAGE"],
]);

/** Files of `posts/` by the number that begins their name. */
export function postFiles(entries: readonly ZipEntry[]): Map<string, ZipEntry> {
  const files = new Map<string, ZipEntry>();
  for (const entry of entries) {
    const id = /^(\d{1,15})(?:\..*)?\.html?$/i.exec(entry.name)?.[1];
    if (id && !files.has(id)) files.set(id, entry);
  }
  return files;
}

/** Makes issues of the rows and their files; what cannot become one is reported. Oldest first, undated ones last. */
export function issuesFrom(
  rows: readonly PostRow[],
  files: ReadonlyMap<string, ZipEntry>,
  seriesName: string | null,
  report: ExportReport,
): ImportedIssue[] {
  const sorted = [...rows].sort(
    (a, b) => (a.date?.getTime() ?? Infinity) - (b.date?.getTime() ?? Infinity) || 0,
  );
  const slugs = new Set<string>();
  const numbers = new Set<number>();
  return sorted.flatMap((row) => {
    const kind = KINDS.get(row.type);
    const file = files.get(row.id);
    const reason = reasonToSkip(row, kind, file);
    if (reason || !kind) {
      report.skip(row.what, reason ?? "");
      return [];
    }
    const document = documentOf(row, file, seriesName, report);
    if (!document) return [];
    return [
      {
        importKey: `substack:${row.id}`,
        kind,
        slug: freeSlug(row, slugs, report),
        title: row.title === "" ? `Untitled (${row.id})` : row.title,
        subtitle: row.subtitle,
        number: kind === "ISSUE" ? freeNumber(row, seriesName, numbers, report) : null,
        date: row.date,
        state: row.isPublished ? "PUBLISHED" : "DRAFT",
        audience: audienceOf(row, report),
        document,
      },
    ];
  });
}

export function seriesOf(rows: readonly PostRow[]): string | null {
  return inferSeriesName(rows.filter(({ type }) => type === "newsletter").map(({ title }) => title));
}

function reasonToSkip(
  row: PostRow,
  kind: ImportedIssue["kind"] | undefined,
  file: ZipEntry | undefined,
): string | null {
  if (row.type === "podcast") return "A podcast episode; audio is not imported.";
  if (row.type === "thread") return "A thread lives from its comments, which the export does not hold.";
  if (!kind) return `Posts of the type "${shortly(row.type)}" are not imported.`;
  if (row.isPublished && !file)
    return "It is published, but the export holds no text for it. Newest posts are sometimes missing: export again.";
  return null;
}

function documentOf(
  row: PostRow,
  file: ZipEntry | undefined,
  seriesName: string | null,
  report: ExportReport,
): Document | null {
  if (!file) return EMPTY_DOCUMENT;
  const { text, encoding } = decodeText(file.read());
  if (encoding === "windows-1252")
    report.note(row.what, "The text is not UTF-8 and was read as Windows-1252; check accented letters.");
  try {
    const { document, notes } = documentFromSubstackHtml(text, { seriesName });
    for (const { message } of notes) report.note(row.what, message);
    return document;
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    report.skip(row.what, error.message);
    return null;
  }
}

function audienceOf(row: PostRow, report: ExportReport): ImportedIssue["audience"] {
  if (row.audience === "everyone") return "EVERYONE";
  if (row.audience === "only_paid" || row.audience === "founding") return "MEMBERS";
  if (row.audience === "only_free") {
    report.note(row.what, "It was for free readers only; it is open to everyone now.");
    return "EVERYONE";
  }
  report.note(row.what, `Its audience "${shortly(row.audience)}" is unknown; it is for members now.`);
  return "MEMBERS";
}

function plainSlug(value: string): string {
  const letters = value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100)
    .replace(/-+$/, "");
}

function freeSlug(row: PostRow, taken: Set<string>, report: ExportReport): string {
  const wanted = plainSlug(row.slug) || plainSlug(row.title) || `post-${row.id}`;
  const slug = taken.has(wanted) ? `${wanted}-${row.id}` : wanted;
  if (slug !== wanted)
    report.note(row.what, `Another post has the address /p/${wanted}; this one has /p/${slug}.`);
  taken.add(slug);
  return slug;
}

function freeNumber(
  row: PostRow,
  seriesName: string | null,
  taken: Set<number>,
  report: ExportReport,
): number | null {
  const number = seriesName === null ? null : numberInTitle(row.title, seriesName);
  if (number === null) return null;
  if (taken.has(number)) {
    report.note(row.what, `Another issue has the number ${number}; this one has none.`);
    return null;
  }
  taken.add(number);
  return number;
}
