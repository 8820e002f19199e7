import type { RootContent } from "mdast";
import type { Block, TableCell, TableRow } from "../../schema";
import { paragraphOf, type TopBlock } from "../flow";
import { attributeLine } from "../inlines";
import { blocksOf, contentOf } from "./blocks";
import type { BlockDirective, DirectiveParts } from "./directives";
import { lineOf, type Reading, roomFor } from "./reading";

function isContainer(
  node: RootContent,
  ...names: string[]
): node is BlockDirective & { type: "containerDirective" } {
  return node.type === "containerDirective" && names.includes(node.name);
}

function spanOf(cell: BlockDirective, name: "colspan" | "rowspan", most: number): number {
  const span = Number(attributeLine(cell.attributes?.[name]) ?? "1");
  return Number.isInteger(span) && span >= 1 && span <= most ? span : 1;
}

function cellOf(cell: BlockDirective & { type: "containerDirective" }, reading: Reading): TableCell {
  const written = attributeLine(cell.attributes?.align);
  const align = written === "left" || written === "center" || written === "right" ? written : null;
  const content = contentOf(cell.children, reading).filter((block): block is Block => {
    if (block.type !== "paywall") return true;
    reading.notes.add("A paywall inside a table was left out; place it before the table.", lineOf(cell));
    return false;
  });
  return {
    type: cell.name === "header" ? "tableHeader" : "tableCell",
    attrs: { colspan: spanOf(cell, "colspan", 100), rowspan: spanOf(cell, "rowspan", 1_000), align },
    content: content.length > 0 ? content : [paragraphOf([])],
  };
}

/** Reads a table whose cells hold blocks or span: `row` directives with `header` and `cell` in them. */
export function tableDirective(parts: DirectiveParts, reading: Reading): TopBlock[] {
  const deeper = roomFor(3, parts.node, reading);
  if (!deeper) return blocksOf(parts.held, reading);
  const rows = parts.held.flatMap((child): TableRow[] => {
    if (!isContainer(child, "row")) return [];
    const cells = child.children.filter((cell) => isContainer(cell, "header", "cell"));
    return cells.length > 0 ? [{ type: "tableRow", content: cells.map((cell) => cellOf(cell, deeper)) }] : [];
  });
  const strays = parts.held.filter((child) => !isContainer(child, "row"));
  const others = parts.held.flatMap((child) =>
    isContainer(child, "row") ? child.children.filter((cell) => !isContainer(cell, "header", "cell")) : [],
  );
  if (strays.length + others.length > 0)
    reading.notes.add("What stood in a table outside its cells follows the table now.", lineOf(parts.node));
  const after = blocksOf([...strays, ...others], reading);
  return rows.length > 0 ? [{ type: "table", content: rows }, ...after] : after;
}
