/**
 * What a rendering needs to know beside the document. The renderers are pure: everything from the database or a
 * library that must be awaited is put in here first.
 */
import type { PublicationFacts } from "@/lib/publication/facts";
import type { Document } from "./schema";

/** For whom an issue is drawn. Only `member` ever gets what stands behind the paywall. */
export type ReaderKind = "stranger" | "subscriber" | "member";

export type { PublicationFacts };

export type IssueCard = { number: number | null; slug: string; title: string; excerpt: string };

export type IssueFacts = {
  publication: PublicationFacts;
  slug: string;
  title: string;
  number: number | null;
  /** Cards the document may ask for: by number, and under `previous` the issue before this one. */
  cards: ReadonlyMap<number | "previous", IssueCard>;
  snippets: ReadonlyMap<string, Document>;
};

/** `#rrggbb` for each of both themes, or "" for the colour of the text around. */
export type CodeToken = { text: string; light: string; dark: string; italic: boolean; bold: boolean };
export type CodeLines = CodeToken[][];
/** Sizes in CSS pixels; the picture itself has twice as many. */
export type MathImage = { url: string; width: number; height: number };

/** What must be awaited: code coloured by language, formulas as pictures for mail, keyed by `codeKey` and `mathKey`. */
export type Artwork = {
  code: ReadonlyMap<string, CodeLines>;
  math: ReadonlyMap<string, MathImage>;
};

export type RenderContext = {
  reader: ReaderKind;
  issue: IssueFacts;
  artwork: Artwork;
  /** False for somebody who had a trial: the wall then offers the price alone. */
  trialAvailable: boolean;
};
