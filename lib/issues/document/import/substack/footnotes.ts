import type { Inline } from "../../schema";
import { BOUNDARY, gatherBlocks, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { marked, plainWords, tidyInlines, withMark } from "../inlines";
import { type Element, findByClass, textOf } from "./dom";
import { footnoteTarget, type Reading } from "./reading";
import { piecesOf } from "./walk";

type FootnoteWords = Extract<Inline, { type: "footnote" }>["attrs"]["content"];

function contentElement(footnote: Element): Element {
  return findByClass(footnote, "footnote-content") ?? footnote;
}

/** The words of a footnote in one run: paragraphs become line breaks, and blocks give their text. */
function wordsOf(footnote: Element, reading: Reading): FootnoteWords {
  const within = { ...reading, inFootnote: true, depth: 0, marks: [] };
  const blocks = gatherBlocks(piecesOf(contentElement(footnote).children, within));
  if (blocks.some(({ type }) => type !== "paragraph"))
    reading.notes.add("A footnote holds words only; the form of what else it held was left out.");
  const paragraphs = blocks.map((block): Inline[] =>
    block.type === "paragraph" ? (block.content ?? []) : [{ type: "text", text: textIn(block) }],
  );
  const joined = paragraphs.flatMap((words, index): Inline[] =>
    index > 0 ? [{ type: "hardBreak" }, ...words] : words,
  );
  return tidyInlines(joined).filter((inline) => inline.type !== "footnote");
}

/** All text of a block, its parts apart from each other. */
function textIn(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  if ("text" in value && typeof value.text === "string") return value.text;
  if ("content" in value && Array.isArray(value.content)) return value.content.map(textIn).join(" ");
  return "";
}

/** The number in the text becomes the footnote itself, with its words. */
export function anchorPieces(anchor: Element, reading: Reading): Piece[] {
  const number = textOf(anchor.children).trim();
  const footnote = reading.footnotes.get(footnoteTarget(anchor));
  if (reading.inFootnote) {
    reading.notes.add("A footnote inside a footnote was left out.");
    return [];
  }
  const content = footnote ? wordsOf(footnote, reading) : [];
  if (content.length > 0) return [marked({ type: "footnote", attrs: { content } }, reading.marks)];
  reading.notes.add(`The footnote ${shortly(number)} has no words in the export; only its number was kept.`);
  if (number === "") return [];
  return [marked({ type: "text", text: number }, withMark(reading.marks, { type: "superscript" }))];
}

/** Where the footnote's words stand in the source: nothing, unless no number points to them. */
export function footnotePieces(element: Element, reading: Reading): Piece[] {
  const id = findByClass(element, "footnote-number")?.attribs.id ?? element.attribs.id;
  if (id && reading.referenced.has(id) && reading.footnotes.get(id) === element) return [];
  const pieces = [BOUNDARY, ...piecesOf(contentElement(element).children, reading), BOUNDARY];
  const words = gatherBlocks(pieces).flatMap((block) =>
    block.type === "paragraph" ? (block.content ?? []) : [],
  );
  if (words.length > 0)
    reading.notes.add(
      `Nothing points to the footnote "${shortly(plainWords(words))}"; it became a paragraph.`,
    );
  return pieces;
}
