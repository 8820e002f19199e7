/**
 * Reads the HTML of a Substack post into an issue. Promises a valid document and a note for whatever was changed or left
 * out; pure, so it may run any number of times. Never keeps HTML and never fetches anything.
 */
import type { Document } from "../schema";
import { finishDocument, gatherBlocks, keepFirstPaywall } from "./flow";
import { type ImportNote, ImportNotes } from "./import-notes";
import { parseHtml } from "./substack/dom";
import { joinPicksAcrossPaywall } from "./substack/lists";
import { createReading } from "./substack/reading";
import { piecesOf } from "./substack/walk";

export type SubstackOptions = {
  /** The publication's series, as in `ML for SWEs`: cards of its issues are found by their number. */
  seriesName?: string | null;
};

/**
 * Reads one post. The classes are those of Substack's editor as its exports and web pages show them. Throws
 * `ImportRefused` for HTML that is too long or too deep; every smaller problem is a note and loses no words.
 */
export function documentFromSubstackHtml(
  html: string,
  options: SubstackOptions = {},
): { document: Document; notes: ImportNote[] } {
  const notes = new ImportNotes();
  const nodes = parseHtml(html);
  const reading = createReading(nodes, notes, options.seriesName ?? null);
  const body = gatherBlocks(piecesOf(nodes, reading));
  const { blocks, removed } = keepFirstPaywall(joinPicksAcrossPaywall(body));
  if (removed > 0) notes.add("An issue has one paywall; only the first was kept.");
  return { document: finishDocument(blocks), notes: notes.list() };
}
