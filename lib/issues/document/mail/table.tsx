import type { CSSProperties, ReactNode } from "react";
import { row } from "@/lib/issues/document/elements";
import type { Block, TableCell, TableRow } from "@/lib/issues/document/schema";
import { below, type MailDrawing } from "./drawing";
import { LINE, SANS } from "./style";

type DrawContent = (content: readonly Block[]) => ReactNode;

/** A table of data; cells wrap, as mail clients do not scroll sideways. */
export function drawTable(
  table: Extract<Block, { type: "table" }>,
  drawing: MailDrawing,
  drawContent: DrawContent,
): ReactNode {
  return (
    <table width="100%" cellPadding={0} cellSpacing={0} style={{ ...TABLE, ...below(drawing) }}>
      <tbody>{row(table.content.map((entry) => drawRow(entry, drawContent)))}</tbody>
    </table>
  );
}

function drawRow(entry: TableRow, drawContent: DrawContent): ReactNode {
  return <tr>{row(entry.content.map((cell) => drawCell(cell, drawContent)))}</tr>;
}

function drawCell(cell: TableCell, drawContent: DrawContent): ReactNode {
  const { colspan, rowspan, align } = cell.attrs;
  const Tag = cell.type === "tableHeader" ? "th" : "td";
  return (
    <Tag
      className="m-line"
      {...(colspan > 1 && { colSpan: colspan })}
      {...(rowspan > 1 && { rowSpan: rowspan })}
      style={{ ...CELL, textAlign: align ?? "left" }}
    >
      {drawContent(cell.content)}
    </Tag>
  );
}

const TABLE: CSSProperties = {
  borderCollapse: "collapse",
  fontFamily: SANS,
  fontSize: "14px",
  lineHeight: "1.45",
};
const CELL: CSSProperties = { border: `1px solid ${LINE}`, padding: "7px 10px", verticalAlign: "top" };
