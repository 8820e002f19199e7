import type { Block, TableCell, TableRow } from "../../schema";
import { BOUNDARY, gatherBlocks, type Piece, paragraphOf } from "../flow";
import { type ChildNode, type Element, isTag } from "./dom";
import { type Reading, roomFor } from "./reading";
import { piecesOf } from "./walk";

const GROUPS = new Set(["thead", "tbody", "tfoot"]);

function rowsOf(nodes: readonly ChildNode[]): Element[] {
  return nodes.filter(isTag).flatMap((element) => {
    if (element.name === "tr") return [element];
    return GROUPS.has(element.name) ? rowsOf(element.children) : [];
  });
}

function spanOf(cell: Element, name: "colspan" | "rowspan", most: number): number {
  const span = Number(cell.attribs[name] ?? "1");
  return Number.isInteger(span) && span >= 1 ? Math.min(span, most) : 1;
}

function alignOf(cell: Element): TableCell["attrs"]["align"] {
  const style = /text-align:\s*(left|center|right)/i.exec(cell.attribs.style ?? "")?.[1];
  const align = (cell.attribs.align ?? style ?? "").toLowerCase();
  return align === "left" || align === "center" || align === "right" ? align : null;
}

/** A table with its rows, and before it a paywall that stood inside: no paid cell may end up in front of the wall. */
export function tablePieces(table: Element, reading: Reading): Piece[] {
  const deeper = roomFor(3, reading);
  if (!deeper)
    return [
      BOUNDARY,
      ...piecesOf(
        rowsOf(table.children).flatMap(({ children }) => children),
        reading,
      ),
      BOUNDARY,
    ];
  let wall = false;
  const cellOf = (cell: Element): TableCell => {
    const blocks = gatherBlocks(piecesOf(cell.children, deeper));
    const content = blocks.filter((block): block is Block => block.type !== "paywall");
    wall ||= content.length < blocks.length;
    return {
      type: cell.name === "th" ? "tableHeader" : "tableCell",
      attrs: {
        colspan: spanOf(cell, "colspan", 100),
        rowspan: spanOf(cell, "rowspan", 1_000),
        align: alignOf(cell),
      },
      content: content.length > 0 ? content : [paragraphOf([])],
    };
  };
  const rows = rowsOf(table.children).flatMap((row): TableRow[] => {
    const cells = row.children.filter(isTag).filter(({ name }) => name === "td" || name === "th");
    return cells.length > 0 ? [{ type: "tableRow", content: cells.map(cellOf) }] : [];
  });
  if (wall) reading.notes.add("A paywall inside a table now stands before it.");
  const caption = table.children.filter(isTag).find(({ name }) => name === "caption");
  const before: Piece[] = caption ? [BOUNDARY, ...piecesOf(caption.children, reading), BOUNDARY] : [];
  const body: Piece[] = rows.length > 0 ? [{ type: "table", content: rows }] : [];
  return [...before, ...(wall ? [{ type: "paywall" } as const] : []), ...body];
}
