/**
 * Reads the sample publication's issues and snippets from their Markdown. Promises the same result each time; reads
 * files of this folder and nothing else, and never touches the database.
 */
import { readdir, readFile } from "node:fs/promises";
import type { ImportNote } from "@/lib/issues/document/import/import-notes";
import { documentFromMarkdown, type FrontMatter } from "@/lib/issues/document/import/markdown";
import type { Document } from "@/lib/issues/document/schema";
import { SAMPLE_SNIPPETS } from "./publication";

const FOLDER = new URL("./", import.meta.url);

/** The issue of the coming week, which a first start leaves unfinished for its author to play with. */
const DRAFT_NUMBER = 8;

export type SampleIssue = {
  state: "PUBLISHED" | "DRAFT";
  number: number;
  slug: string;
  title: string;
  subtitle: string | null;
  subject: string | null;
  preheader: string | null;
  audience: "EVERYONE" | "MEMBERS";
  /** `YYYY-MM-DD`; the slot gives the time. */
  date: string;
  document: Document;
  notes: ImportNote[];
};

/** The pictures that the issues show: their path in the Markdown, and their bytes (PNG, 960 × 540). */
export async function readSamplePictures(): Promise<{ path: string; bytes: Buffer }[]> {
  const names = (await readdir(new URL("images/", FOLDER))).filter((name) => name.endsWith(".png")).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: `images/${name}`,
      bytes: await readFile(new URL(`images/${name}`, FOLDER)),
    })),
  );
}

/**
 * The issues in order of number. `pictures` says where each picture now lies, as in `images/score-drift.png` →
 * `/media/….webp`; a picture that is not there becomes a note. Throws when a file lacks a title, slug, number or date.
 */
export async function readSampleIssues(pictures: ReadonlyMap<string, string>): Promise<SampleIssue[]> {
  const names = (await readdir(new URL("issues/", FOLDER))).filter((name) => name.endsWith(".md"));
  const issues = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(new URL(`issues/${name}`, FOLDER), "utf8");
      const { document, frontMatter, notes } = documentFromMarkdown(source, { pictures });
      return sampleIssue(name, frontMatter, document, notes);
    }),
  );
  return issues.sort((a, b) => a.number - b.number);
}

function sampleIssue(name: string, head: FrontMatter, document: Document, notes: ImportNote[]): SampleIssue {
  const { title, slug, number, date } = head;
  if (!title || !slug || !number || !date) throw new Error(`${name} lacks a title, slug, number or date.`);
  return {
    state: number === DRAFT_NUMBER ? "DRAFT" : "PUBLISHED",
    number,
    slug,
    title,
    subtitle: head.subtitle ?? null,
    subject: head.subject ?? null,
    preheader: head.preheader ?? null,
    audience: head.audience ?? "EVERYONE",
    date,
    document,
    notes,
  };
}

export type SampleSnippet = { name: string; title: string; body: Document; notes: ImportNote[] };

export function readSampleSnippets(): SampleSnippet[] {
  return SAMPLE_SNIPPETS.map(({ name, title, markdown }) => {
    const { document, notes } = documentFromMarkdown(markdown);
    return { name, title, body: document, notes };
  });
}
