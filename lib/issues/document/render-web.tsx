/**
 * Draws an issue as React elements for the web: semantic HTML, no client JavaScript, no HTML from the document.
 * Pure; the same document and context give the same page. Never draws the paywall box (the page does) and never
 * anything behind the paywall for a reader who is no member.
 */
import type { ReactNode } from "react";
import { row } from "./elements";
import type { RenderContext } from "./facts";
import { anchorMaker } from "./reading";
import type { Block, Document, ListItem, Paywall } from "./schema";
import { guardForReader } from "./teaser";
import { unknownNode } from "./traverse";
import {
  drawLinkCard,
  drawPicks,
  drawPreviousIssue,
  drawSocialPost,
  drawSubscribeBox,
  drawUpgradeButton,
  drawVideoCard,
} from "./web/cards";
import { drawCodeBlock } from "./web/code-block";
import { scrollable, type WebDrawing, type WebParts } from "./web/drawing";
import { Formula } from "./web/formula";
import { drawInlines, Notes } from "./web/inline";
import { drawTable } from "./web/table";

export type { WebParts };

/** The issue's body; `app/_components/issue-body.css` belongs to it. Give it the document from `documentFor`. */
export function renderWeb(document: Document, context: RenderContext, parts: WebParts): ReactNode {
  const drawing: WebDrawing = {
    context,
    parts,
    anchorFor: anchorMaker(),
    notes: [],
    insideSnippet: false,
  };
  const body = drawBlocks(guardForReader(document, context.reader).content, drawing);
  return (
    <div className="issue-body" lang={context.issue.publication.language}>
      {body}
      <Notes notes={drawing.notes} />
    </div>
  );
}

function drawBlocks(blocks: readonly (Block | Paywall)[], drawing: WebDrawing): ReactNode {
  return row(blocks.map((block) => drawBlock(block, drawing)));
}

function drawBlock(block: Block | Paywall, drawing: WebDrawing): ReactNode {
  switch (block.type) {
    case "paragraph":
      return block.content?.length ? <p>{drawInlines(block.content, drawing)}</p> : null;
    case "heading":
      return drawHeading(block, drawing);
    case "blockquote":
      return <blockquote>{drawBlocks(block.content, drawing)}</blockquote>;
    case "callout":
      return drawCallout(block, drawing);
    case "bulletList":
      return <ul>{drawItems(block.content, drawing)}</ul>;
    case "orderedList":
      return (
        <ol {...(block.attrs.start !== 1 && { start: block.attrs.start })}>
          {drawItems(block.content, drawing)}
        </ol>
      );
    case "figure":
      return drawFigure(block, drawing);
    case "codeBlock":
      return drawCodeBlock(block, drawing);
    case "mathBlock":
      return (
        <section className="issue-math-block" {...scrollable("Formula")}>
          <Formula tex={block.attrs.tex} display={true} />
        </section>
      );
    case "table":
      return drawTable(block, (content) => drawBlocks(content, drawing));
    case "divider":
      return <hr />;
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

/** Headings of a snippet get no anchor: `outlineOf` knows the document alone. */
function drawHeading(block: Of<"heading">, drawing: WebDrawing): ReactNode {
  const Tag = `h${block.attrs.level}` as const;
  const content = drawInlines(block.content, drawing);
  if (drawing.insideSnippet) return <Tag>{content}</Tag>;
  const anchor = drawing.anchorFor(block.content);
  return (
    <Tag id={anchor}>
      {content}
      <a className="issue-anchor" href={`#${anchor}`} aria-label="Link to this section">
        #
      </a>
    </Tag>
  );
}

function drawItems(items: Of<"bulletList">["content"], drawing: WebDrawing): ReactNode {
  return row(items.map((item) => drawItem(item, drawing)));
}

function drawItem(item: ListItem, drawing: WebDrawing): ReactNode {
  return <li>{drawBlocks(item.content, drawing)}</li>;
}

const CALLOUT_NAMES = { note: "Note", tip: "Tip", warning: "Warning" } as const;

function drawCallout(block: Of<"callout">, drawing: WebDrawing): ReactNode {
  const { kind, title } = block.attrs;
  return (
    <aside className={`issue-callout issue-callout-${kind}`} aria-label={CALLOUT_NAMES[kind]}>
      <p className="issue-callout-title">{title ?? CALLOUT_NAMES[kind]}</p>
      {drawBlocks(block.content, drawing)}
    </aside>
  );
}

function drawFigure(block: Of<"figure">, drawing: WebDrawing): ReactNode {
  const { src, alt, width, height } = block.attrs;
  return (
    <figure className="issue-figure">
      {/* biome-ignore lint/performance/noImgElement: pictures are sized at upload, and next/image brings a script */}
      <img
        src={src}
        alt={alt}
        {...(width && { width })}
        {...(height && { height })}
        loading="lazy"
        decoding="async"
      />
      {block.content && block.content.length > 0 && (
        <figcaption>{drawInlines(block.content, drawing)}</figcaption>
      )}
    </figure>
  );
}

/** One level deep: a snippet that names a snippet would let two of them draw each other for ever. */
function drawSnippet(block: Of<"snippet">, drawing: WebDrawing): ReactNode {
  const snippet = drawing.context.issue.snippets.get(block.attrs.name);
  if (!snippet || drawing.insideSnippet) return null;
  return drawBlocks(snippet.content, { ...drawing, insideSnippet: true });
}
