/**
 * Reads Markdown, as `MARKDOWN.md` describes it, into an issue. Promises a valid document and a note for whatever was
 * changed or left out; pure, so it may run any number of times. Never keeps HTML and never fetches anything.
 */
import type { Root } from "mdast";
import remarkDirective from "remark-directive";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { Document } from "../schema";
import { finishDocument, keepFirstPaywall } from "./flow";
import { type ImportNote, ImportNotes } from "./import-notes";
import { blocksOf, unreadFootnotes } from "./markdown/blocks";
import { type FrontMatter, readFrontMatter } from "./markdown/front-matter";
import { refuseCostlyMarkdown } from "./markdown/limits";
import { createReading } from "./markdown/reading";

export type { FrontMatter } from "./markdown/front-matter";

export type MarkdownImport = { document: Document; frontMatter: FrontMatter; notes: ImportNote[] };

export type MarkdownOptions = {
  /** Where pictures that the source names by a relative path now lie, as in `images/chart.png` → `/media/….webp`. */
  pictures?: ReadonlyMap<string, string>;
};

const parser = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkDirective)
  .use(remarkFrontmatter, ["yaml"])
  .freeze();

/**
 * Reads a Markdown file. Throws `ImportRefused` for a source that is too long, too deep or too costly to read; every
 * smaller problem is a note and loses no words.
 */
export function documentFromMarkdown(source: string, options: MarkdownOptions = {}): MarkdownImport {
  const text = source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  refuseCostlyMarkdown(text);
  const root: Root = parser.parse(text);
  const notes = new ImportNotes();
  const [first] = root.children;
  const frontMatter = first?.type === "yaml" ? readFrontMatter(first.value, notes) : {};
  const reading = createReading(text, root, notes, options.pictures ?? new Map());
  const body = blocksOf(root.children, reading);
  const { blocks, removed } = keepFirstPaywall([...body, ...unreadFootnotes(reading)]);
  if (removed > 0) notes.add("An issue has one paywall; only the first was kept.");
  return { document: finishDocument(blocks), frontMatter, notes: notes.list() };
}
