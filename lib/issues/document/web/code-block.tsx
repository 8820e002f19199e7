import type { CSSProperties, ReactNode } from "react";
import { codeLinesOf, languageLabel, markedLineNumbers } from "@/lib/issues/document/code";
import { row } from "@/lib/issues/document/elements";
import type { CodeToken } from "@/lib/issues/document/facts";
import type { Block } from "@/lib/issues/document/schema";
import { sourceOf } from "@/lib/issues/document/traverse";
import { scrollable, type WebDrawing } from "./drawing";

/** A listing: file name and language above, then lines whose copied text is exactly the source. */
export function drawCodeBlock(block: Extract<Block, { type: "codeBlock" }>, drawing: WebDrawing): ReactNode {
  const { fileName, language, markedLines } = block.attrs;
  if (sourceOf(block) === "") return null;
  const label = languageLabel(language);
  const lines = codeLinesOf(block, drawing.context.artwork);
  const marked = markedLineNumbers(markedLines, lines.length);
  const drawn = lines.map((tokens, index) =>
    drawLine(tokens, marked.has(index + 1), index < lines.length - 1),
  );
  return (
    <figure className="issue-code">
      {(fileName || label) && (
        <figcaption className="issue-code-bar">
          <span className="issue-code-file">{fileName}</span>
          <span className="issue-code-language">{label}</span>
        </figcaption>
      )}
      <section className="issue-code-scroll" {...scrollable(fileName ?? (label ? `${label} code` : "Code"))}>
        <pre>
          <code>{row(drawn)}</code>
        </pre>
      </section>
    </figure>
  );
}

function drawLine(tokens: readonly CodeToken[], marked: boolean, breaks: boolean): ReactNode {
  const content = row(tokens.map(drawToken));
  const line = marked ? <mark className="issue-code-marked">{content}</mark> : content;
  return breaks ? row([line, "\n"]) : line;
}

function drawToken(token: CodeToken): ReactNode {
  const style: CSSProperties & Record<`--${string}`, string> = {};
  if (token.light) style["--l"] = token.light;
  if (token.dark) style["--d"] = token.dark;
  if (token.italic) style.fontStyle = "italic";
  if (token.bold) style.fontWeight = 600;
  return Object.keys(style).length > 0 ? <span style={style}>{token.text}</span> : token.text;
}
