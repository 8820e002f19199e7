/** What lists, cards and checks need to know of an issue's text. All pure; none opens snippets. */
import type { PublicationFacts } from "./facts";
import type { Block, Document, Inline } from "./schema";
import { type DocumentNode, nodesOf, unknownNode } from "./traverse";
import { variableWords } from "./wording";

const WORDS_A_MINUTE = 220;

/** The words of a run of text. Footnotes are left out; without `publication` variables are, too. */
export function wordsOf(inlines: readonly Inline[] | undefined, publication?: PublicationFacts): string {
  const parts = (inlines ?? []).map((node) => {
    switch (node.type) {
      case "text":
        return node.text;
      case "hardBreak":
        return " ";
      case "mathInline":
        return node.attrs.tex;
      case "mention":
        return node.attrs.name;
      case "variable":
        return publication ? variableWords(node.attrs.name, publication) : "";
      case "footnote":
        return "";
      default:
        return unknownNode(node);
    }
  });
  return parts.join("").replace(/\s+/g, " ").trim();
}

/**
 * The beginning of the prose in whole words: at most `length` characters with the ellipsis. Takes
 * paragraphs alone, in lists, quotes and callouts too; never headings, code, cards, captions or tables. Give it the
 * document from `documentFor`, or the whole text may show.
 */
export function excerptOf(document: Document, publication?: PublicationFacts, length = 200): string {
  let text = "";
  for (const words of proseOf(document.content, publication)) {
    if (words) text += text ? ` ${words}` : words;
    if (text.length > length) break;
  }
  return shorten(text, length);
}

/** At most `length` characters, cut between words; an ellipsis tells that something was cut. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, length);
  const blank = head.lastIndexOf(" ");
  const cut = blank > 0 ? head.slice(0, blank) : head.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.replace(/[\s.,;:!?–—-]+$/u, "")}…`;
}

function* proseOf(
  nodes: readonly (Document["content"][number] | Block)[],
  publication: PublicationFacts | undefined,
): Generator<string> {
  for (const node of nodes) {
    if (node.type === "paragraph") yield wordsOf(node.content, publication);
    else if (node.type === "blockquote" || node.type === "callout") yield* proseOf(node.content, publication);
    else if (node.type === "bulletList" || node.type === "orderedList") {
      for (const item of node.content) yield* proseOf(item.content, publication);
    }
  }
}

/** Words of everything a person reads, code and formulas left out; titles and summaries of cards count. */
export function countWords(document: Document): number {
  let count = 0;
  for (const node of nodesOf(document)) {
    for (const words of ownWords(node)) count += wordsIn(words);
  }
  return count;
}

/** Whole minutes at 220 words each, at least one. */
export function readingMinutes(document: Document): number {
  return Math.max(1, Math.round(countWords(document) / WORDS_A_MINUTE));
}

function wordsIn(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.,-]*/gu)?.length ?? 0;
}

/** Neighbouring text nodes are joined before they are counted, so that a half-bold word is one word. */
function ownWords(node: DocumentNode): string[] {
  switch (node.type) {
    case "paragraph":
    case "heading":
    case "figure":
      return [wordsOf(node.content)];
    case "pick":
      return [node.attrs.title, node.attrs.author ?? "", wordsOf(node.content)];
    case "footnote":
      return [wordsOf(node.attrs.content)];
    case "linkCard":
      return [node.attrs.title, node.attrs.description ?? ""];
    case "socialPost":
      return [node.attrs.text];
    case "callout":
    case "videoCard":
      return [node.attrs.title ?? ""];
    default:
      return [];
  }
}

export type OutlineEntry = { level: 2 | 3 | 4; words: string; anchor: string };

/** The headings with the anchors that the web rendering gives them. */
export function outlineOf(document: Document): OutlineEntry[] {
  const anchorFor = anchorMaker();
  const entries: OutlineEntry[] = [];
  for (const node of nodesOf(document)) {
    if (node.type !== "heading") continue;
    entries.push({ level: node.attrs.level, words: wordsOf(node.content), anchor: anchorFor(node.content) });
  }
  return entries;
}

/** Makes anchors for one document in reading order; a heading that says the same as an earlier one gets a number. */
export function anchorMaker(): (heading: readonly Inline[] | undefined) => string {
  const used = new Set<string>();
  return (heading) => {
    const base = slugOf(wordsOf(heading)) || "section";
    let anchor = base;
    for (let number = 2; used.has(anchor); number += 1) anchor = `${base}-${number}`;
    used.add(anchor);
    return anchor;
  };
}

/** Lower case letters and digits of any script, joined by hyphens; accents over Latin letters are dropped. */
function slugOf(words: string): string {
  const plain = words.normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "");
  return plain
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80)
    .replace(/-+$/, "");
}
