import type { ReactNode } from "react";
import { row } from "@/lib/issues/document/elements";
import type { Block, TableCell, TableRow } from "@/lib/issues/document/schema";
import { scrollable } from "./drawing";

type DrawContent = (content: readonly Block[]) => ReactNode;

/** A table in a region of its own that scrolls sideways, so that the page never does. */
export function drawTable(table: Extract<Block, { type: "table" }>, drawContent: DrawContent): ReactNode {
  const [first, ...others] = table.content;
  const head = first && others.length > 0 && first.content.every(isHeader) ? first : null;
  const body = head ? others : table.content;
  return (
    <section className="issue-table" {...scrollable("Table")}>
      <table>
        {head && <thead>{drawRow(head, "col", drawContent)}</thead>}
        <tbody>{row(body.map((entry) => drawRow(entry, "row", drawContent)))}</tbody>
      </table>
    </section>
  );
}

function isHeader(cell: TableCell): boolean {
  return cell.type === "tableHeader";
}

function drawRow(entry: TableRow, scope: "col" | "row", drawContent: DrawContent): ReactNode {
  return <tr>{row(entry.content.map((cell) => drawCell(cell, scope, drawContent)))}</tr>;
}

function drawCell(cell: TableCell, scope: "col" | "row", drawContent: DrawContent): ReactNode {
  const { colspan, rowspan, align } = cell.attrs;
  const attributes = {
    ...(colspan > 1 && { colSpan: colspan }),
    ...(rowspan > 1 && { rowSpan: rowspan }),
    ...(align && { className: `issue-align-${align}` }),
  };
  const content = drawContent(cell.content);
  if (!isHeader(cell)) return <td {...attributes}>{content}</td>;
  return (
    <th scope={scope} {...attributes}>
      {content}
    </th>
  );
}
