import type { ReactNode } from "react";
import type { Block, TableCell } from "../schema";
import { row } from "./drawing";

/** A table in a region of its own that scrolls sideways, so that the page never does. */
export function drawTable(
  table: Extract<Block, { type: "table" }>,
  drawContent: (content: readonly Block[]) => ReactNode,
): ReactNode {
  const [first, ...others] = table.content;
  const hasHead = first?.content.every((cell) => cell.type === "tableHeader") && others.length > 0;
  const drawRow = (cells: readonly TableCell[]) => (
    <tr>{row(cells.map((cell) => drawCell(cell, hasHead === true, drawContent)))}</tr>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard
    <div className="issue-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        {hasHead && first && <thead>{drawRow(first.content)}</thead>}
        <tbody>{row((hasHead ? others : table.content).map((entry) => drawRow(entry.content)))}</tbody>
      </table>
    </div>
  );
}

function drawCell(
  cell: TableCell,
  underHead: boolean,
  drawContent: (content: readonly Block[]) => ReactNode,
): ReactNode {
  const { colspan, rowspan, align } = cell.attrs;
  const spans = {
    ...(colspan > 1 && { colSpan: colspan }),
    ...(rowspan > 1 && { rowSpan: rowspan }),
    ...(align && { className: `issue-align-${align}` }),
  };
  const [only, ...more] = cell.content;
  const content =
    only?.type === "paragraph" && more.length === 0 ? drawContent(cell.content) : drawContent(cell.content);
  if (cell.type === "tableCell") return <td {...spans}>{content}</td>;
  return (
    <th scope={underHead ? "col" : "row"} {...spans}>
      {content}
    </th>
  );
}
