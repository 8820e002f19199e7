import type { ReactNode } from "react";
import { row } from "@/lib/issues/document/elements";
import { mathKey } from "@/lib/issues/document/math";
import type { Inline, Mark } from "@/lib/issues/document/schema";
import { unknownNode } from "@/lib/issues/document/traverse";
import { absoluteUrl, variableWords } from "@/lib/issues/document/wording";
import type { MailDrawing } from "./drawing";
import { INK, MONO, SMALL, SURFACE } from "./style";

export function drawInlines(inlines: readonly Inline[] | undefined, drawing: MailDrawing): ReactNode {
  return row(
    (inlines ?? []).map((node) =>
      (node.marks ?? []).reduceRight(
        (content, mark) => wrapInMark(content, mark, drawing),
        drawInline(node, drawing),
      ),
    ),
  );
}

function drawInline(node: Inline, drawing: MailDrawing): ReactNode {
  switch (node.type) {
    case "text":
      return node.text;
    case "hardBreak":
      return <br />;
    case "mathInline":
      return drawFormula(node.attrs.tex, false, drawing);
    case "variable":
      return variableWords(node.attrs.name, drawing.context.issue.publication);
    case "mention":
      return node.attrs.url ? drawLink(node.attrs.url, node.attrs.name) : <strong>{node.attrs.name}</strong>;
    case "footnote":
      drawing.notes.push(drawInlines(node.attrs.content, drawing));
      return <sup style={{ fontSize: "12px", lineHeight: "0" }}>[{drawing.notes.length}]</sup>;
    default:
      return unknownNode(node);
  }
}

/** A picture with the TeX as its words; the TeX itself where there is no picture. */
export function drawFormula(tex: string, display: boolean, drawing: MailDrawing): ReactNode {
  const picture = drawing.context.artwork.math.get(mathKey(tex, display));
  if (!picture) return <code style={{ fontFamily: MONO, fontSize: "0.85em" }}>{tex}</code>;
  return (
    // biome-ignore lint/performance/noImgElement: a mail has no image component; low priority keeps React from adding preload links
    <img
      className="m-math"
      src={absoluteUrl(picture.url, drawing.context.issue)}
      alt={tex}
      width={picture.width}
      height={picture.height}
      fetchPriority="low"
      style={{
        verticalAlign: "middle",
        border: "0",
        maxWidth: "100%",
        ...(display && { height: "auto" }),
        fontFamily: MONO,
        fontSize: "14px",
      }}
    />
  );
}

export function drawLink(href: string, content: ReactNode): ReactNode {
  return (
    <a className="m-link" href={href} style={{ color: INK, textDecoration: "underline" }}>
      {content}
    </a>
  );
}

function wrapInMark(content: ReactNode, mark: Mark, drawing: MailDrawing): ReactNode {
  switch (mark.type) {
    case "bold":
      return <strong>{content}</strong>;
    case "italic":
      return <em>{content}</em>;
    case "strike":
      return <s>{content}</s>;
    case "code":
      return (
        <code
          className="m-surface"
          style={{ fontFamily: MONO, fontSize: "0.85em", background: SURFACE, padding: "1px 4px" }}
        >
          {content}
        </code>
      );
    case "subscript":
      return <sub>{content}</sub>;
    case "superscript":
      return <sup>{content}</sup>;
    case "link":
      return drawLink(absoluteUrl(mark.attrs.href, drawing.context.issue), content);
    default:
      return unknownNode(mark);
  }
}

/** Numbers without links: many mail clients open a link to an anchor in the browser. */
export function drawNotes(notes: readonly ReactNode[]): ReactNode {
  if (notes.length === 0) return null;
  return <div style={{ margin: "32px 0 0" }}>{row(notes.map(drawNote))}</div>;
}

function drawNote(words: ReactNode, index: number): ReactNode {
  return (
    <p className="m-soft" style={{ ...SMALL, margin: "0 0 8px" }}>
      [{index + 1}] {words}
    </p>
  );
}
