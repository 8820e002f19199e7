import type { CSSProperties, ReactNode } from "react";
import { codeLinesOf, languageLabel, markedLineNumbers } from "@/lib/issues/document/code";
import { brokenLines, row } from "@/lib/issues/document/elements";
import type { CodeToken } from "@/lib/issues/document/facts";
import type { Block } from "@/lib/issues/document/schema";
import { sourceOf } from "@/lib/issues/document/traverse";
import { below, type MailDrawing } from "./drawing";
import { CODE_MARK, CODE_SURFACE, DARK_CODE_COLOURS, INK, LINE, MONO, SANS, SOFT } from "./style";

/** A listing whose colours stand inline; lines end in `<br>`, which survives clients that rewrite white space. */
export function drawCodeBlock(block: Extract<Block, { type: "codeBlock" }>, drawing: MailDrawing): ReactNode {
  const { fileName, language, markedLines } = block.attrs;
  if (sourceOf(block) === "") return null;
  const lines = codeLinesOf(block, drawing.context.artwork);
  const marked = markedLineNumbers(markedLines, lines.length);
  const drawn = lines.map((tokens, index) => drawLine(tokens, marked.has(index + 1)));
  return (
    <table
      role="presentation"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      style={{ ...TABLE, ...below(drawing) }}
    >
      <tbody>
        {drawBar(fileName, languageLabel(language))}
        <tr>
          <td className="m-code m-line" style={CELL}>
            <pre style={PRE}>{brokenLines(drawn)}</pre>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function drawLine(tokens: readonly CodeToken[], marked: boolean): ReactNode {
  const content = row(tokens.map(drawToken));
  if (!marked) return content;
  return (
    <span className="m-mark" style={{ background: CODE_MARK }}>
      {content}
    </span>
  );
}

function drawBar(fileName: string | null, label: string | null): ReactNode {
  const words = [fileName, label].filter(Boolean).join(" · ");
  if (!words) return null;
  return (
    <tr>
      <td className="m-code m-line m-soft" style={BAR}>
        {words}
      </td>
    </tr>
  );
}

function drawToken(token: CodeToken): ReactNode {
  const place = DARK_CODE_COLOURS.indexOf(token.dark);
  const style: CSSProperties = {
    ...(token.light && { color: token.light }),
    ...(token.italic && { fontStyle: "italic" }),
    ...(token.bold && { fontWeight: 600 }),
  };
  if (Object.keys(style).length === 0) return token.text;
  return (
    <span {...(place >= 0 && { className: `t${place}` })} style={style}>
      {token.text}
    </span>
  );
}

const TABLE: CSSProperties = { borderCollapse: "separate" };
const BAR: CSSProperties = {
  background: CODE_SURFACE,
  border: `1px solid ${LINE}`,
  borderBottom: "0",
  padding: "8px 14px",
  fontFamily: SANS,
  fontSize: "12px",
  lineHeight: "1.4",
  color: SOFT,
};
const CELL: CSSProperties = {
  background: CODE_SURFACE,
  border: `1px solid ${LINE}`,
  padding: "12px 14px",
  color: INK,
};
const PRE: CSSProperties = {
  margin: "0",
  fontFamily: MONO,
  fontSize: "13px",
  lineHeight: "1.55",
  whiteSpace: "pre-wrap",
  wordBreak: "break-word",
};
