import type { Mark } from "../../schema";
import { BOUNDARY, containedBlocks, gatherBlocks, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { linkTarget, marked, withMark } from "../inlines";
import { codePieces } from "./code";
import { type ChildNode, classesOf, type Element, findByTag, isTag, isText } from "./dom";
import { embedPieces, framePieces } from "./embeds";
import { anchorPieces } from "./footnotes";
import { listPieces } from "./lists";
import { figurePieces, picturePieces } from "./pictures";
import { type Reading, roomFor } from "./reading";
import { tablePieces } from "./tables";

const MARKS: Readonly<Record<string, Exclude<Mark["type"], "link">>> = {
  strong: "bold",
  b: "bold",
  em: "italic",
  i: "italic",
  cite: "italic",
  s: "strike",
  del: "strike",
  strike: "strike",
  code: "code",
  kbd: "code",
  samp: "code",
  sub: "subscript",
  sup: "superscript",
};

const HEADINGS: Readonly<Record<string, 2 | 3 | 4>> = { h1: 2, h2: 2, h3: 3, h4: 4, h5: 4, h6: 4 };

/** Give their words to the line they stand in. */
const WITHIN_LINE = new Set(
  "span u ins mark small big font abbr time label q var dfn data bdi bdo picture wbr".split(" "),
);
/** End the line they stand in, and have no form of their own here. */
const OF_THEIR_OWN = new Set(
  "p div section article main header footer aside nav address center details summary dl dt dd fieldset figcaption body html hgroup".split(
    " ",
  ),
);
/** Nothing in them is text of the author. */
const WITHOUT_WORDS = new Set(
  "script style template noscript head title meta link input button form select textarea svg source object embed canvas".split(
    " ",
  ),
);
/** Parts of Substack's page that an export carries along. */
const PAGE_PARTS = new Set([
  "header-anchor-parent",
  "header-anchor-widget",
  "image-link-expand",
  "footnote-number",
]);

/** Reads nodes in their order into words and blocks; every element says where a line ends, so words never touch. */
export function piecesOf(nodes: readonly ChildNode[], reading: Reading): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    if (isText(node))
      return node.data === "" ? [] : [marked({ type: "text", text: node.data }, reading.marks)];
    return isTag(node) ? elementPieces(node, reading) : [];
  });
}

function elementPieces(element: Element, reading: Reading): Piece[] {
  if (classesOf(element).some((name) => PAGE_PARTS.has(name))) return [];
  const embedded = embedPieces(element, reading);
  if (embedded) return embedded;
  const { name } = element;
  const mark = Object.hasOwn(MARKS, name) ? MARKS[name] : undefined;
  if (mark) return piecesOf(element.children, withMarkOn(reading, { type: mark }));
  const level = Object.hasOwn(HEADINGS, name) ? HEADINGS[name] : undefined;
  if (level) {
    const pieces = piecesOf(element.children, reading);
    return gatherBlocks(pieces, (content) => ({ type: "heading", attrs: { level }, content }));
  }
  if (OF_THEIR_OWN.has(name)) return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
  return namedPieces(element, reading);
}

function namedPieces(element: Element, reading: Reading): Piece[] {
  switch (element.name) {
    case "a":
      return linkPieces(element, reading);
    case "br":
      return [marked({ type: "hardBreak" }, reading.marks)];
    case "hr":
      return [{ type: "divider" }];
    case "img":
    case "image":
      return picturePieces(element, reading);
    case "figure":
      return findByTag(element, "img")
        ? figurePieces(element, reading)
        : [BOUNDARY, ...piecesOf(element.children, reading)];
    case "ul":
    case "ol":
    case "menu":
      return listPieces(element, reading);
    case "li":
      return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
    case "blockquote":
      return quotePieces(element, reading);
    case "pre":
      return codePieces(element, reading);
    case "table":
      return tablePieces(element, reading);
    case "iframe":
      return framePieces(element, reading);
    default:
      return otherPieces(element, reading);
  }
}

function otherPieces(element: Element, reading: Reading): Piece[] {
  if (WITHOUT_WORDS.has(element.name)) return [];
  if (WITHIN_LINE.has(element.name)) return piecesOf(element.children, reading);
  reading.notes.add(`<${shortly(element.name, 30)}> has no form in an issue; its text was kept.`);
  return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
}

export function withMarkOn(reading: Reading, mark: Mark): Reading {
  return { ...reading, marks: withMark(reading.marks, mark) };
}

/** A quotation; also what Substack calls a pull quote. */
export function quotePieces(element: Element, reading: Reading): Piece[] {
  const deeper = roomFor(1, reading);
  if (!deeper) return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
  const blocks = gatherBlocks(piecesOf(element.children, deeper));
  return containedBlocks(blocks, (content) => ({ type: "blockquote", content }));
}

function linkPieces(element: Element, reading: Reading): Piece[] {
  if (classesOf(element).includes("footnote-anchor")) return anchorPieces(element, reading);
  const written = element.attribs.href;
  const href = linkTarget(written);
  if (written && !href && !written.startsWith("#"))
    reading.notes.add(`A link that leads nowhere safe was left out: ${shortly(written, 120)}`);
  return piecesOf(element.children, href ? withMarkOn(reading, { type: "link", attrs: { href } }) : reading);
}
