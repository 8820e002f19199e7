import type { CSSProperties, ReactNode } from "react";
import { codeLinesOf, languageLabel, markedLineNumbers } from "../code";
import type { CodeToken } from "../facts";
import type { Block } from "../schema";
import { row, type WebDrawing } from "./drawing";

/** A listing: file name and language above, then lines whose copied text is exactly the source. */
export function drawCodeBlock(block: Extract<Block, { type: "codeBlock" }>, drawing: WebDrawing): ReactNode {
  const { fileName, language, markedLines } = block.attrs;
  const label = languageLabel(language);
  const lines = codeLinesOf(block, drawing.context.artwork);
  const marked = markedLineNumbers(markedLines, lines.length);
  const drawn = lines.map((tokens, index) => {
    const content = row(tokens.map(drawToken));
    const line = marked.has(index + 1) ? <mark className="issue-code-marked">{content}</mark> : content;
    return index < lines.length - 1 ? row([line, "\n"]) : line;
  });
  return (
    <figure className="issue-code">
      {(fileName || label) && (
        <figcaption className="issue-code-bar">
          <span className="issue-code-file">{fileName}</span>
          <span className="issue-code-language">{label}</span>
        </figcaption>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a listing wider than the page is scrolled by keyboard */}
      <pre tabIndex={0} role="region" aria-label={fileName ?? (label ? `${label} code` : "Code")}>
        <code>{row(drawn)}</code>
      </pre>
    </figure>
  );
}

function drawToken(token: CodeToken): ReactNode {
  const style: CSSProperties & Record<`--${string}`, string> = {};
  if (token.light) style["--l"] = token.light;
  if (token.dark) style["--d"] = token.dark;
  if (token.italic) style.fontStyle = "italic";
  if (token.bold) style.fontWeight = 600;
  return Object.keys(style).length > 0 ? <span style={style}>{token.text}</span> : token.text;
}
