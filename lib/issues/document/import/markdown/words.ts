import type { PhrasingContent } from "mdast";
import { type Inline, type Mark, VARIABLES } from "../../schema";
import { type Boundary, gatherBlocks, type Piece, type TopBlock } from "../flow";
import { shortly } from "../import-notes";
import {
  attributeLine,
  isInline,
  linkTarget,
  marked,
  plainWords,
  tidyInlines,
  webTarget,
  withMark,
} from "../inlines";
import { figureOf } from "./figure";
import { lineOf, type Reading, sourceOf } from "./reading";

type TextDirective = Extract<PhrasingContent, { type: "textDirective" }>;

const MARKS = { strong: "bold", emphasis: "italic", delete: "strike" } as const;
const NO_MARKS: readonly Mark[] = [];

/** Reads the words of a paragraph; a picture among them is a block of its own. */
export function piecesOf(nodes: readonly PhrasingContent[], reading: Reading, marks = NO_MARKS): Piece[] {
  return nodes.flatMap((node) => piecesOfNode(node, reading, marks));
}

/** Reads words where no block may stand: a picture there leaves its description, and says so. */
export function inlinesOf(nodes: readonly PhrasingContent[], reading: Reading): Inline[] {
  return inlinesFrom(piecesOf(nodes, reading), reading);
}

export function inlinesFrom(pieces: readonly Piece[], reading: Reading): Inline[] {
  const inlines = pieces.flatMap((piece): Inline[] => {
    if (isInline(piece)) return [piece];
    return piece.type === "figure" ? [{ type: "text", text: wordsInPlaceOf(piece, reading) }] : [];
  });
  return tidyInlines(inlines);
}

function wordsInPlaceOf(figure: Extract<TopBlock, { type: "figure" }>, reading: Reading): string {
  reading.notes.add(`A picture cannot stand here; its description was kept: ${shortly(figure.attrs.src)}`);
  return ` ${figure.attrs.alt} `;
}

function text(value: string, marks: readonly Mark[]): Inline[] {
  return value === "" ? [] : [marked({ type: "text", text: value }, marks)];
}

function piecesOfNode(node: PhrasingContent, reading: Reading, marks: readonly Mark[]): Piece[] {
  switch (node.type) {
    case "text":
      return text(node.value, marks);
    case "inlineCode":
      return text(node.value, withMark(marks, { type: "code" }));
    case "strong":
    case "emphasis":
    case "delete":
      return piecesOf(node.children, reading, withMark(marks, { type: MARKS[node.type] }));
    case "break":
      return [marked({ type: "hardBreak" }, marks)];
    case "link":
      return linkPieces(node, node.url, reading, marks);
    case "linkReference":
      return linkPieces(node, reading.definitions.get(node.identifier)?.url ?? "", reading, marks);
    case "image":
      return [figureOf(node, node, reading)];
    case "imageReference":
      return [figureOf(node, reading.definitions.get(node.identifier), reading)];
    case "html":
      return htmlPieces(node, reading, marks);
    case "footnoteReference":
      return footnotePieces(node, reading, marks);
    case "inlineMath":
      return mathPieces(node, reading, marks);
    case "textDirective":
      return directivePieces(node, reading, marks);
    default:
      return node satisfies never;
  }
}

function linkPieces(
  node: Extract<PhrasingContent, { type: "link" | "linkReference" }>,
  url: string,
  reading: Reading,
  marks: readonly Mark[],
): Piece[] {
  const href = linkTarget(url);
  if (!href) reading.notes.add(`A link that leads nowhere safe was left out: ${shortly(url)}`, lineOf(node));
  const pieces = piecesOf(
    node.children,
    reading,
    href ? withMark(marks, { type: "link", attrs: { href } }) : marks,
  );
  if (href && pieces.some((piece) => piece.type === "figure"))
    reading.notes.add(`A picture's link was left out: ${shortly(href)}`, lineOf(node));
  return pieces;
}

function htmlPieces(node: { value: string }, reading: Reading, marks: readonly Mark[]): Piece[] {
  if (/^<br\s*\/?>$/i.test(node.value)) return [marked({ type: "hardBreak" }, marks)];
  reading.notes.add("HTML tags were left out, and their text was kept.");
  return [];
}

function footnotePieces(
  node: Extract<PhrasingContent, { type: "footnoteReference" }>,
  reading: Reading,
  marks: readonly Mark[],
): Piece[] {
  const definition = reading.footnotes.get(node.identifier);
  if (!definition) return text(sourceOf(node, reading), marks);
  reading.usedFootnotes.add(node.identifier);
  if (reading.inFootnote) {
    reading.notes.add("A footnote inside a footnote was left out.", lineOf(node));
    return [];
  }
  const within = { ...reading, inFootnote: true };
  const paragraphs = definition.children.map((child) =>
    child.type === "paragraph"
      ? inlinesOf(child.children, within)
      : tidyInlines(text(sourceOf(child, reading), NO_MARKS)),
  );
  if (definition.children.some((child) => child.type !== "paragraph"))
    reading.notes.add(
      "A footnote holds words only; what else it held is shown as it was written.",
      lineOf(definition),
    );
  const content = paragraphs.flatMap((inlines, index) =>
    index > 0 ? [{ type: "hardBreak" } as const, ...inlines] : inlines,
  );
  const words = content.filter((inline) => inline.type !== "footnote");
  if (words.length === 0) return [];
  return [marked({ type: "footnote", attrs: { content: words } }, marks)];
}

/** Two prices in one sentence look like a formula; as in other readers, a formula begins and ends without a blank. */
function isPriceNotFormula(written: string, next: string): boolean {
  if (!/^\$[^$]/.test(written)) return false;
  const opensWithBlank = /^\$\s/.test(written);
  const closesWithBlank = /\s\$$/.test(written);
  return opensWithBlank !== closesWithBlank || /^\d/.test(next);
}

function mathPieces(
  node: Extract<PhrasingContent, { type: "inlineMath" }>,
  reading: Reading,
  marks: readonly Mark[],
): Piece[] {
  const written = sourceOf(node, reading);
  const next = reading.source.slice(node.position?.end.offset ?? reading.source.length);
  if (isPriceNotFormula(written, next.slice(0, 1))) return text(written, marks);
  const tex = node.value.replace(/\s+/g, " ");
  if (tex.trim() === "") return text(written, marks);
  if (tex.length > 2_000) {
    reading.notes.add("A formula of more than 2,000 characters was kept as code.", lineOf(node));
    return text(tex, withMark(marks, { type: "code" }));
  }
  return [marked({ type: "mathInline", attrs: { tex } }, marks)];
}

function directivePieces(node: TextDirective, reading: Reading, marks: readonly Mark[]): Piece[] {
  if (node.name === "br") return [marked({ type: "hardBreak" }, marks)];
  if (node.name === "sub") return piecesOf(node.children, reading, withMark(marks, { type: "subscript" }));
  if (node.name === "sup") return piecesOf(node.children, reading, withMark(marks, { type: "superscript" }));
  const label = attributeLine(plainWords(inlinesOf(node.children, reading)));
  if (node.name === "variable") {
    const name = VARIABLES.find((variable) => variable === label);
    if (name) return [marked({ type: "variable", attrs: { name } }, marks)];
    reading.notes.add(`There is no variable "${shortly(label ?? "")}"; it was kept as text.`, lineOf(node));
  }
  if (node.name === "mention" && label) {
    const given = node.attributes?.url;
    const url = webTarget(given);
    if (given && !url) reading.notes.add(`A mention's link was left out: ${shortly(given)}`, lineOf(node));
    return [marked({ type: "mention", attrs: { name: label, url } }, marks)];
  }
  return unknownDirective(node, reading, marks);
}

/** `12:30` or `note:this` is prose: the characters come back, and what stood in brackets keeps its marks. */
function unknownDirective(node: TextDirective, reading: Reading, marks: readonly Mark[]): Piece[] {
  const first = node.children[0]?.position?.start.offset;
  const last = node.children.at(-1)?.position?.end.offset;
  const start = node.position?.start.offset ?? 0;
  const end = node.position?.end.offset ?? 0;
  if (first === undefined || last === undefined) return text(reading.source.slice(start, end), marks);
  return [
    ...text(reading.source.slice(start, first), marks),
    ...piecesOf(node.children, reading, marks),
    ...text(reading.source.slice(last, end), marks),
  ];
}

/** The words as plain text for an attribute: a blank line between paragraphs, a line break at each hard break. */
export function plainParagraphs(pieces: readonly (Piece | Boundary)[]): string | null {
  const paragraphs = gatherBlocks(pieces).flatMap((block) =>
    "content" in block && block.type === "paragraph" ? [plainWords(block.content ?? [])] : [],
  );
  const value = paragraphs.join("\n\n").slice(0, 5_000).toWellFormed().trim();
  return value === "" ? null : value;
}
