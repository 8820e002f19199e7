/**
 * Draws an issue as the inner part of a mail: inline styles, tables where Outlook needs them, whole addresses.
 * Pure; the same document and context give the same bytes. Never loads anything but pictures, never shows anything
 * behind the paywall to a reader who is no member.
 */
import type { ReactNode } from "react";
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
import { type MailDrawing, type MailLook, row } from "./mail/drawing";
import { drawFormula, drawInlines, drawNotes } from "./mail/inline";
import { BLOCK, BODY, INK, LINE, MAIL_STYLE, SANS, SMALL } from "./mail/style";
import type { Block, Document, Paywall } from "./schema";
import { guardForReader } from "./teaser";
import { unknownNode } from "./traverse";
import { absoluteUrl } from "./wording";

export { MAIL_STYLE, type MailLook };

const DEFAULT_LOOK: MailLook = { accent: INK, accentInk: "#ffffff" };
const MAXIMUM_WIDTH = 600;

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
    subscribeLineDrawn: false,
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
      return block.content?.length ? <p style={BLOCK}>{drawInlines(block.content, drawing)}</p> : null;
    case "heading":
      return drawHeading(block, drawing);
    case "blockquote":
      return (
        <blockquote className="m-line m-soft" style={QUOTE}>
          {drawBlocks(block.content, drawing)}
        </blockquote>
      );
    case "callout":
      return drawPanel(
        <>
          <p style={{ margin: "0 0 6px", fontFamily: SANS, fontSize: "15px", fontWeight: 600 }}>
            {block.attrs.title ?? CALLOUT_NAMES[block.attrs.kind]}
          </p>
          {drawBlocks(block.content, drawing)}
        </>,
      );
    case "bulletList":
      return <ul style={LIST}>{drawItems(block.content, drawing)}</ul>;
    case "orderedList":
      return (
        <ol start={block.attrs.start} style={LIST}>
          {drawItems(block.content, drawing)}
        </ol>
      );
    case "figure":
      return drawFigure(block, drawing);
    case "codeBlock":
      return drawCodeBlock(block, drawing);
    case "mathBlock":
      return <p style={{ ...BLOCK, textAlign: "center" }}>{drawFormula(block.attrs.tex, true, drawing)}</p>;
    case "table":
      return drawTable(block, drawing);
    case "divider":
      return <hr className="m-line" style={RULE} />;
    case "picks":
      return drawPicks(block, drawing);
    case "previousIssue":
      return drawPreviousIssue(block, drawing);
    case "linkCard":
      return drawLinkCard(block);
    case "socialPost":
      return drawSocialPost(block, drawing);
    case "videoCard":
      return drawVideoCard(block);
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
const QUOTE = { ...BLOCK, padding: "0 0 0 18px", borderLeft: `3px solid ${LINE}` };
const LIST = { ...BLOCK, padding: "0 0 0 24px" };
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
  return row(items.map((item) => <li style={{ margin: "0 0 8px" }}>{drawTight(item.content, drawing)}</li>));
}

/** A single paragraph without the space that a paragraph keeps from the next one. */
function drawTight(blocks: readonly Block[], drawing: MailDrawing): ReactNode {
  const [only, ...more] = blocks;
  if (only?.type === "paragraph" && more.length === 0) return drawInlines(only.content, drawing);
  return drawBlocks(blocks, drawing);
}

function drawFigure(block: Of<"figure">, drawing: MailDrawing): ReactNode {
  const { src, alt, width } = block.attrs;
  const shown = Math.min(width ?? MAXIMUM_WIDTH, MAXIMUM_WIDTH);
  return (
    <div style={{ margin: "0 0 24px" }}>
      <img
        src={absoluteUrl(src, drawing.context.issue)}
        alt={alt}
        width={shown}
        style={{ display: "block", width: "100%", maxWidth: `${shown}px`, height: "auto", border: "0" }}
      />
      {block.content && block.content.length > 0 && (
        <p className="m-soft" style={{ ...SMALL, margin: "8px 0 0" }}>
          {drawInlines(block.content, drawing)}
        </p>
      )}
    </div>
  );
}

function drawTable(block: Of<"table">, drawing: MailDrawing): ReactNode {
  const rows = block.content.map((entry) => (
    <tr>
      {row(
        entry.content.map((cell) => {
          const { colspan, rowspan, align } = cell.attrs;
          const Tag = cell.type === "tableHeader" ? "th" : "td";
          return (
            <Tag
              className="m-line"
              {...(colspan > 1 && { colSpan: colspan })}
              {...(rowspan > 1 && { rowSpan: rowspan })}
              style={{
                border: `1px solid ${LINE}`,
                padding: "7px 10px",
                textAlign: align ?? "left",
                verticalAlign: "top",
              }}
            >
              {drawTight(cell.content, drawing)}
            </Tag>
          );
        }),
      )}
    </tr>
  ));
  return (
    <table
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      style={{ ...BLOCK, borderCollapse: "collapse", fontFamily: SANS, fontSize: "14px", lineHeight: "1.45" }}
    >
      <tbody>{row(rows)}</tbody>
    </table>
  );
}

/** One level deep: a snippet that names a snippet would let two of them draw each other for ever. */
function drawSnippet(block: Of<"snippet">, drawing: MailDrawing): ReactNode {
  const snippet = drawing.context.issue.snippets.get(block.attrs.name);
  if (!snippet || drawing.insideSnippet) return null;
  drawing.insideSnippet = true;
  const content = drawBlocks(snippet.content, drawing);
  drawing.insideSnippet = false;
  return content;
}
