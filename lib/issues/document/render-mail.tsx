/**
 * Draws an issue as the inner part of a mail: inline styles, tables where Outlook needs them, whole addresses.
 * Pure; the same document and context give the same bytes. Never loads anything but pictures, never shows anything
 * behind the paywall to a reader who is no member.
 */
import type { ReactNode } from "react";
import { row } from "./elements";
import type { RenderContext } from "./facts";
import {
  drawLinkCard,
  drawPanel,
  drawPicks,
  drawPreviousIssue,
  drawSocialPost,
  drawSubscribeBox,
  drawUpgradeButton,
  drawVideoCard,
} from "./mail/cards";
import { drawCodeBlock } from "./mail/code-block";
import { below, type MailDrawing, type MailLook } from "./mail/drawing";
import { drawFigure } from "./mail/figure";
import { drawFormula, drawInlines, drawNotes } from "./mail/inline";
import { BODY, LINE, MAIL_STYLE, SANS } from "./mail/style";
import { drawTable } from "./mail/table";
import type { Block, Document, ListItem, Paywall } from "./schema";
import { guardForReader } from "./teaser";
import { unknownNode } from "./traverse";

export { MAIL_STYLE, type MailLook };

const DEFAULT_LOOK: MailLook = { accent: "#a8321c", accentInk: "#ffffff" };
const GAP = 20;
const GAP_INSIDE = 10;

/**
 * The issue's body for a column of at most 600 px. `MAIL_STYLE` goes into the mail's head. Give it the document
 * from `documentFor`, and artwork with pictures of the formulas: without them a formula appears as TeX.
 */
export function renderMailBody(
  document: Document,
  context: RenderContext,
  look: MailLook = DEFAULT_LOOK,
): ReactNode {
  const drawing: MailDrawing = {
    context,
    look,
    notes: [],
    insideSnippet: false,
    drawnOnce: new Set(),
    gap: GAP,
  };
  const body = drawBlocks(guardForReader(document, context.reader).content, drawing);
  return (
    <div className="m-ink" style={BODY}>
      {body}
      {drawNotes(drawing.notes)}
    </div>
  );
}

function drawBlocks(blocks: readonly (Block | Paywall)[], drawing: MailDrawing): ReactNode {
  return row(blocks.map((block) => drawBlock(block, drawing)));
}

function drawBlock(block: Block | Paywall, drawing: MailDrawing): ReactNode {
  switch (block.type) {
    case "paragraph":
      return block.content?.length ? (
        <p style={below(drawing)}>{drawInlines(block.content, drawing)}</p>
      ) : null;
    case "heading":
      return drawHeading(block, drawing);
    case "blockquote":
      return (
        <blockquote className="m-line" style={{ ...QUOTE, ...below(drawing) }}>
          {drawInside(block.content, drawing)}
        </blockquote>
      );
    case "callout":
      return drawPanel(
        drawing,
        <>
          <p style={{ margin: "0 0 6px", fontFamily: SANS, fontSize: "15px", fontWeight: 600 }}>
            {block.attrs.title ?? CALLOUT_NAMES[block.attrs.kind]}
          </p>
          {drawInside(block.content, drawing)}
        </>,
      );
    case "bulletList":
      return <ul style={{ ...LIST, ...below(drawing) }}>{drawItems(block.content, drawing)}</ul>;
    case "orderedList":
      return (
        <ol start={block.attrs.start} style={{ ...LIST, ...below(drawing) }}>
          {drawItems(block.content, drawing)}
        </ol>
      );
    case "figure":
      return drawFigure(block, drawing);
    case "codeBlock":
      return drawCodeBlock(block, drawing);
    case "mathBlock":
      return (
        <p style={{ ...below(drawing), textAlign: "center" }}>
          {drawFormula(block.attrs.tex, true, drawing)}
        </p>
      );
    case "table":
      return drawTable(block, drawing, (content) => drawTight(content, drawing));
    case "divider":
      return <hr className="m-line" style={RULE} />;
    case "picks":
      return drawPicks(block, drawing);
    case "previousIssue":
      return drawPreviousIssue(block, drawing);
    case "linkCard":
      return drawLinkCard(block, drawing);
    case "socialPost":
      return drawSocialPost(block, drawing);
    case "videoCard":
      return drawVideoCard(block, drawing);
    case "subscribeBox":
      return drawSubscribeBox(block, drawing);
    case "upgradeButton":
      return drawUpgradeButton(block, drawing);
    case "snippet":
      return drawSnippet(block, drawing);
    case "paywall":
      return null;
    default:
      return unknownNode(block);
  }
}

type Of<Type extends Block["type"]> = Extract<Block, { type: Type }>;

const CALLOUT_NAMES = { note: "Note", tip: "Tip", warning: "Warning" } as const;
const HEADING_SIZES = { 2: "25px", 3: "21px", 4: "18px" } as const;
const QUOTE = { padding: "0 0 0 18px", borderLeft: `3px solid ${LINE}` };
const LIST = { padding: "0 0 0 24px" };
const RULE = { border: "0", borderTop: `1px solid ${LINE}`, margin: "32px 0" };

function drawHeading(block: Of<"heading">, drawing: MailDrawing): ReactNode {
  const Tag = `h${block.attrs.level}` as const;
  const style = {
    margin: "32px 0 12px",
    fontSize: HEADING_SIZES[block.attrs.level],
    lineHeight: "1.3",
    fontWeight: 600,
  };
  return <Tag style={style}>{drawInlines(block.content, drawing)}</Tag>;
}

function drawItems(items: Of<"bulletList">["content"], drawing: MailDrawing): ReactNode {
  return row(items.map((item) => drawItem(item, drawing)));
}

function drawItem(item: ListItem, drawing: MailDrawing): ReactNode {
  return <li style={{ margin: "0 0 8px" }}>{drawTight(item.content, drawing)}</li>;
}

/** A single paragraph needs no element of its own in a list item or a cell. */
function drawTight(blocks: readonly Block[], drawing: MailDrawing): ReactNode {
  const [only, ...more] = blocks;
  if (only?.type === "paragraph" && more.length === 0) return drawInlines(only.content, drawing);
  return drawInside(blocks, drawing);
}

function drawInside(blocks: readonly Block[], drawing: MailDrawing): ReactNode {
  const last = blocks.length - 1;
  return row(
    blocks.map((block, index) => drawBlock(block, { ...drawing, gap: index === last ? 0 : GAP_INSIDE })),
  );
}

/** One level deep: a snippet that names a snippet would let two of them draw each other for ever. */
function drawSnippet(block: Of<"snippet">, drawing: MailDrawing): ReactNode {
  const snippet = drawing.context.issue.snippets.get(block.attrs.name);
  if (!snippet || drawing.insideSnippet) return null;
  return drawBlocks(snippet.content, { ...drawing, insideSnippet: true });
}
