/**
 * Writes an issue as plain text for mail's text part, the feed and the search. Pure. Blocks stand a blank line
 * apart and words are never glued; lines are wrapped at 78 columns except code and addresses. Never shows anything
 * behind the paywall to a reader who is no member.
 */
import { markedLineNumbers } from "./code";
import type { RenderContext } from "./facts";
import type { Block, Document, Paywall, TableCell } from "./schema";
import { guardForReader } from "./teaser";
import {
  writeLinkCard,
  writePicks,
  writePreviousIssue,
  writeSocialPost,
  writeSubscribeBox,
  writeUpgradeButton,
  writeVideoCard,
} from "./text/cards";
import { indented, type TextDrawing } from "./text/drawing";
import { writeInlines } from "./text/inline";
import { writeTable } from "./text/table";
import { columns, hang, prefixed, TEXT_WIDTH, wrap } from "./text/wrap";
import { sourceOf, unknownNode } from "./traverse";
import { absoluteUrl } from "./wording";

/**
 * The issue's text, without a line break at its end. Footnotes and the numbered list of links stand at the end.
 * Give it the document from `documentFor`.
 */
export function renderText(document: Document, context: RenderContext): string {
  const drawing: TextDrawing = {
    context,
    notes: [],
    links: new Map(),
    insideSnippet: false,
    width: TEXT_WIDTH,
  };
  const parts = [writeBlocks(guardForReader(document, context.reader).content, drawing)];
  const notes = drawing.notes.map((words, index) => hanging(`(note ${index + 1}) `, words));
  if (notes.length > 0) parts.push(`Notes\n\n${notes.join("\n")}`);
  const links = [...drawing.links].map(([url, number]) => `[${number}] ${url.replace(/^mailto:/i, "")}`);
  if (links.length > 0) parts.push(`Links\n\n${links.join("\n")}`);
  return parts.filter(Boolean).join("\n\n");
}

function hanging(first: string, text: string): string {
  return hang(first, wrap(text, TEXT_WIDTH - first.length));
}

function writeBlocks(blocks: readonly (Block | Paywall)[], drawing: TextDrawing): string {
  return blocks
    .map((block) => writeBlock(block, drawing))
    .filter(Boolean)
    .join("\n\n");
}

function writeBlock(block: Block | Paywall, drawing: TextDrawing): string {
  switch (block.type) {
    case "paragraph":
      return wrap(writeInlines(block.content, drawing), drawing.width);
    case "heading":
      return writeHeading(block, drawing);
    case "blockquote":
      return prefixed("> ", writeBlocks(block.content, indented(drawing, 2)));
    case "callout":
      return writeCallout(block, drawing);
    case "bulletList":
      return writeItems(block.content, () => "- ", drawing);
    case "orderedList":
      return writeItems(block.content, (index) => `${block.attrs.start + index}. `, drawing);
    case "figure":
      return writeFigure(block, drawing);
    case "codeBlock":
      return writeCode(block);
    case "mathBlock":
      return prefixed("    ", block.attrs.tex.trim());
    case "table":
      return writeTable(block, drawing.width, (cell) => writeCell(cell, drawing));
    case "divider":
      return "* * *";
    case "picks":
      return writePicks(block, drawing);
    case "previousIssue":
      return writePreviousIssue(block, drawing);
    case "linkCard":
      return writeLinkCard(block, drawing);
    case "socialPost":
      return writeSocialPost(block, drawing);
    case "videoCard":
      return writeVideoCard(block, drawing);
    case "subscribeBox":
      return writeSubscribeBox(block, drawing);
    case "upgradeButton":
      return writeUpgradeButton(block, drawing);
    case "snippet":
      return writeSnippet(block, drawing);
    case "paywall":
      return "";
    default:
      return unknownNode(block);
  }
}

type Of<Type extends Block["type"]> = Extract<Block, { type: Type }>;

function writeHeading(block: Of<"heading">, drawing: TextDrawing): string {
  const words = writeInlines(block.content, drawing).replace(/\n/g, " ");
  if (!words) return "";
  const wrapped = wrap(words, drawing.width);
  if (block.attrs.level === 4) return wrapped;
  const underline = (block.attrs.level === 2 ? "=" : "-").repeat(
    Math.max(...wrapped.split("\n").map(columns)),
  );
  return `${wrapped}\n${underline}`;
}

const CALLOUT_NAMES = { note: "Note", tip: "Tip", warning: "Warning" } as const;

function writeCallout(block: Of<"callout">, drawing: TextDrawing): string {
  const { kind, title } = block.attrs;
  const name = title ? `${CALLOUT_NAMES[kind]}: ${title}` : `${CALLOUT_NAMES[kind]}:`;
  const inner = indented(drawing, 2);
  return prefixed("| ", `${wrap(name, inner.width)}\n\n${writeBlocks(block.content, inner)}`);
}

/** Items of one line stand close, longer ones a blank line apart. */
function writeItems(
  items: Of<"bulletList">["content"],
  marker: (index: number) => string,
  drawing: TextDrawing,
): string {
  const written = items.map((item, index) => {
    const first = marker(index);
    return hang(first, writeBlocks(item.content, indented(drawing, first.length)));
  });
  return written.join(written.some((item) => item.includes("\n\n")) ? "\n\n" : "\n");
}

function writeFigure(block: Of<"figure">, drawing: TextDrawing): string {
  const caption = writeInlines(block.content, drawing);
  const words = [block.attrs.alt && `[Picture: ${block.attrs.alt}]`, caption].filter(Boolean).join("\n");
  if (!words) return "";
  return `${wrap(words, drawing.width)}\n${absoluteUrl(block.attrs.src, drawing.context.issue)}`;
}

/** Indented by four, as plain text marks code; marked lines begin with an arrow in that margin. */
function writeCode(block: Of<"codeBlock">): string {
  const source = sourceOf(block);
  if (source === "") return "";
  const lines = source.split("\n");
  const marked = markedLineNumbers(block.attrs.markedLines, lines.length);
  const code = lines.map((line, index) => `${marked.has(index + 1) ? "  > " : "    "}${line}`.trimEnd());
  const { fileName } = block.attrs;
  return [...(fileName ? [`${fileName}:`, ""] : []), ...code].join("\n");
}

function writeCell(cell: TableCell, drawing: TextDrawing): string {
  return writeBlocks(cell.content, { ...drawing, width: Number.POSITIVE_INFINITY });
}

/** One level deep: a snippet that names a snippet would let two of them draw each other for ever. */
function writeSnippet(block: Of<"snippet">, drawing: TextDrawing): string {
  const snippet = drawing.context.issue.snippets.get(block.attrs.name);
  if (!snippet || drawing.insideSnippet) return "";
  return writeBlocks(snippet.content, { ...drawing, insideSnippet: true });
}
