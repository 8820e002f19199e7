import type { ReactNode } from "react";
import { row } from "@/lib/issues/document/elements";
import type { Inline, Mark } from "@/lib/issues/document/schema";
import { unknownNode } from "@/lib/issues/document/traverse";
import { variableWords } from "@/lib/issues/document/wording";
import type { WebDrawing } from "./drawing";
import { Formula } from "./formula";

export function drawInlines(inlines: readonly Inline[] | undefined, drawing: WebDrawing): ReactNode {
  return row((inlines ?? []).map((node) => marked(drawInline(node, drawing), node.marks)));
}

function drawInline(node: Inline, drawing: WebDrawing): ReactNode {
  switch (node.type) {
    case "text":
      return node.text;
    case "hardBreak":
      return <br />;
    case "mathInline":
      return <Formula tex={node.attrs.tex} display={false} />;
    case "variable":
      return variableWords(node.attrs.name, drawing.context.issue.publication);
    case "mention":
      if (!node.attrs.url) return <span className="issue-mention">{node.attrs.name}</span>;
      return (
        <a className="issue-mention" href={node.attrs.url}>
          {node.attrs.name}
        </a>
      );
    case "footnote":
      return footnoteReference(node.attrs.content, drawing);
    default:
      return unknownNode(node);
  }
}

function footnoteReference(content: readonly Inline[], drawing: WebDrawing): ReactNode {
  drawing.notes.push(drawInlines(content, drawing));
  const number = drawing.notes.length;
  return (
    <sup className="issue-note-ref">
      <a href={`#note-${number}`} id={`note-ref-${number}`} aria-label={`Footnote ${number}`}>
        {number}
      </a>
    </sup>
  );
}

function marked(content: ReactNode, marks: readonly Mark[] | undefined): ReactNode {
  return (marks ?? []).reduceRight(wrapInMark, content);
}

function wrapInMark(content: ReactNode, mark: Mark): ReactNode {
  switch (mark.type) {
    case "bold":
      return <strong>{content}</strong>;
    case "italic":
      return <em>{content}</em>;
    case "strike":
      return <s>{content}</s>;
    case "code":
      return <code>{content}</code>;
    case "subscript":
      return <sub>{content}</sub>;
    case "superscript":
      return <sup>{content}</sup>;
    case "link":
      return <a href={mark.attrs.href}>{content}</a>;
    default:
      return unknownNode(mark);
  }
}

/** The footnotes under the text, each with the way back to where it was read. */
export function Notes({ notes }: { notes: readonly ReactNode[] }): ReactNode {
  if (notes.length === 0) return null;
  return (
    <section className="issue-notes" aria-label="Footnotes">
      <ol>{row(notes.map(drawNote))}</ol>
    </section>
  );
}

function drawNote(words: ReactNode, index: number): ReactNode {
  return (
    <li id={`note-${index + 1}`}>
      {words}{" "}
      <a className="issue-note-back" href={`#note-ref-${index + 1}`} aria-label="Back to the text">
        ↩
      </a>
    </li>
  );
}
