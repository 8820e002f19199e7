/**
 * What a rendering needs to know beside the document. The renderers are pure: everything from the database or a
 * library that must be awaited is put in here first.
 */
import type { Document } from "./schema";

/** For whom an issue is drawn. Only `member` ever gets what stands behind the paywall. */
export type ReaderKind = "stranger" | "subscriber" | "member";

/** Words and numbers that stand in an issue as variables; frozen into the issue when it is sent. */
export type PublicationFacts = {
  publicationName: string;
  seriesName: string;
  authorName: string;
  /** Absolute, without a trailing slash. */
  publicUrl: string;
  /** BCP 47, such as `en`. */
  language: string;
  /** As a reader sees it, such as `$3/mo`. */
  price: string;
  /** Whole days; 0 where there is no trial. */
  trialDays: number;
  /** Confirmed subscribers rounded down, such as `6300+`; null while there are too few to boast. */
  subscriberCount: string | null;
};

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

/** `#rrggbb` for each of both themes. */
export type CodeToken = { text: string; light: string; dark: string; italic: boolean; bold: boolean };
export type CodeLines = CodeToken[][];
export type MathImage = { url: string; width: number; height: number };

/** What must be awaited: code coloured by language, formulas as pictures for mail, keyed by `codeKey` and TeX. */
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
