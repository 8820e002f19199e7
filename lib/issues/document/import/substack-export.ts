/**
 * Reads the zip that Substack gives to an author who leaves. Promises everything in it as issues, pages and subscribers,
 * and a line for whatever was skipped or changed; pure, so it may run any number of times. Never writes a file, opens a
 * database or fetches a picture.
 */
import { ImportRefused } from "./import-notes";
import { type CsvFile, readCsv } from "./substack-files/csv";
import { readPostRows } from "./substack-files/post-rows";
import { type ImportedIssue, issuesFrom, postFiles, seriesOf } from "./substack-files/posts";
import { type ExportNote, ExportReport, type Skipped } from "./substack-files/report";
import { type ImportedSubscriberRow, readSubscribers } from "./substack-files/subscribers";
import { listZip, type ZipEntry } from "./substack-files/zip";

export type { ImportedIssue } from "./substack-files/posts";
export type { ExportNote, Skipped } from "./substack-files/report";
export type { ImportedSubscriberRow } from "./substack-files/subscribers";

const MOST_UNPACKED = 100 * 1024 * 1024;

export type SubstackExport = {
  /** Oldest first; undated drafts last. */
  issues: ImportedIssue[];
  subscribers: ImportedSubscriberRow[];
  /** The series that numbered titles share: as given, or as found in the titles. */
  seriesName: string | null;
  skipped: Skipped[];
  notes: ExportNote[];
};

export type SubstackExportOptions = {
  /** As in `ML for SWEs` of "ML for SWEs 4: …"; null for none. Found in the titles when it is not given. */
  seriesName?: string | null;
};

/**
 * Reads a whole export: `posts.csv`, `posts/*.html`, `email_list*.csv` and lists of paid subscribers, at the top or in
 * folders. Throws `ImportRefused` for what is no export, is damaged, or unpacks to more than 100 MB.
 */
export function readSubstackExport(zip: Uint8Array, options: SubstackExportOptions = {}): SubstackExport {
  const report = new ExportReport();
  const files = sortEntries(listZip(zip));
  if (!files.posts && files.lists.length === 0)
    throw new ImportRefused(
      "This zip is no Substack export: it holds no posts.csv. Choose the zip as it was downloaded.",
    );
  const size = [files.posts, ...files.bodies, ...files.lists].reduce(
    (sum, entry) => sum + (entry?.size ?? 0),
    0,
  );
  if (size > MOST_UNPACKED)
    throw new ImportRefused("The export unpacks to more than 100 MB, which is more than text can be.");

  if (!files.posts) report.skip("posts.csv", "The zip does not hold it, so no issue was imported.");
  const rows = files.posts ? readPostRows(readCsv(files.posts, report), report) : [];
  const seriesName = options.seriesName === undefined ? seriesOf(rows) : options.seriesName;
  const bodies = postFiles(files.bodies);
  const issues = issuesFrom(rows, bodies, seriesName, report);
  reportOrphans(files.bodies, new Set(rows.map(({ id }) => id)), bodies, report);
  const lists = files.lists.flatMap((entry) => subscriberList(entry, report));
  return {
    issues,
    subscribers: readSubscribers(lists, report),
    seriesName,
    skipped: report.skipped,
    notes: report.notes,
  };
}

function sortEntries(entries: readonly ZipEntry[]): {
  posts?: ZipEntry;
  bodies: ZipEntry[];
  lists: ZipEntry[];
} {
  const posts = entries.find(({ name }) => name.toLowerCase() === "posts.csv");
  const bodies = entries.filter(({ name }) => /\.html?$/i.test(name));
  const lists = entries.filter(({ name }) => /^(email_list.*|.*subscribers?.*)\.csv$/i.test(name));
  return { ...(posts ? { posts } : {}), bodies, lists };
}

/** A list without a column for addresses is something else, such as a log of opened mail. */
function subscriberList(entry: ZipEntry, report: ExportReport): { name: string; file: CsvFile }[] {
  const file = readCsv(entry, report);
  if (file.columns.includes("email")) return [{ name: entry.name, file }];
  report.skip(entry.name, "It has no column named email.");
  return [];
}

function reportOrphans(
  entries: readonly ZipEntry[],
  listed: ReadonlySet<string>,
  bodies: ReadonlyMap<string, ZipEntry>,
  report: ExportReport,
): void {
  const used = new Set(Array.from(bodies).flatMap(([id, entry]) => (listed.has(id) ? [entry] : [])));
  for (const entry of entries) {
    if (!used.has(entry)) report.skip(entry.name, "posts.csv does not list it.");
  }
}
