import { z } from "zod";
import { attributeLine } from "../inlines";
import { parseHtml, textOf } from "../substack/dom";
import type { CsvFile } from "./csv";
import { flag, moment } from "./fields";
import type { ExportReport } from "./report";

/** One line of `posts.csv`. Columns that we do not use, such as `inbox_sent_at`, may be missing. */
const postRow = z.object({
  post_id: z.string().regex(/^\d{1,15}(\.|$)/, "post_id begins with a number"),
  post_date: moment,
  is_published: flag,
  email_sent_at: moment,
  type: z.string().default("newsletter"),
  audience: z.string().default("everyone"),
  title: z.string().default(""),
  subtitle: z.string().default(""),
});

/** A post as the export lists it, with its title's and subtitle's entities read. */
export type PostRow = {
  id: string;
  /** What stands in `post_id` after the number; empty in drafts without one. */
  slug: string;
  date: Date | null;
  isPublished: boolean;
  type: string;
  audience: string;
  title: string;
  subtitle: string | null;
  what: string;
};

/** `what to skip &amp; why` as it reads; a `<` in a title stays one. */
export function decodedWords(value: string): string | null {
  return attributeLine(value.includes("&") ? textOf(parseHtml(value.replaceAll("<", "&lt;"))) : value);
}

/** The rows of `posts.csv`, one per post. Unreadable rows and second rows of a post are reported. */
export function readPostRows(file: CsvFile, report: ExportReport): PostRow[] {
  const posts = new Map<string, PostRow>();
  for (const { line, values } of file.rows) {
    const what = `posts.csv, line ${line}`;
    const parsed = postRow.safeParse(values);
    if (!parsed.success) {
      const columns = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
      report.skip(what, `The row cannot be read; look at ${columns}.`);
      continue;
    }
    const row = parsed.data;
    const [id = "", ...rest] = row.post_id.split(".");
    if (posts.has(id)) {
      report.skip(what, "The post is listed a second time.");
      continue;
    }
    const title = decodedWords(row.title) ?? "";
    posts.set(id, {
      id,
      slug: rest.join("."),
      date: row.post_date,
      isPublished: row.is_published,
      type: row.type.trim().toLowerCase(),
      audience: row.audience.trim().toLowerCase(),
      title,
      subtitle: decodedWords(row.subtitle),
      what: title === "" ? `Post ${id}` : `“${title}”`,
    });
  }
  return [...posts.values()];
}
