import type { Table } from "mdast";
import type { Block, Inline, TableCell } from "@/lib/issues/document/schema";
import { container, type MarkdownBlock } from "./directives";
import { inlinesToMarkdown } from "./inline";

type WriteContent = (content: readonly Block[]) => MarkdownBlock[];
type TableBlock = Extract<Block, { type: "table" }>;

/** A pipe table where one can say everything that this table says, else directives for rows and cells. */
export function tableToMarkdown(
  table: TableBlock,
  footnotes: Inline[][],
  writeContent: WriteContent,
): MarkdownBlock {
  return fitsPipes(table) ? pipeTable(table, footnotes) : directiveTable(table, writeContent);
}

function fitsPipes(table: TableBlock): boolean {
  const [head] = table.content;
  return table.content.every(
    (row) =>
      row.content.length === head?.content.length &&
      row.content.every(
        (cell, column) =>
          cell.type === (row === head ? "tableHeader" : "tableCell") &&
          cell.attrs.colspan === 1 &&
          cell.attrs.rowspan === 1 &&
          cell.attrs.align === head.content[column]?.attrs.align &&
          cell.content.length === 1 &&
          cell.content[0]?.type === "paragraph",
      ),
  );
}

function pipeTable(table: TableBlock, footnotes: Inline[][]): Table {
  return {
    type: "table",
    align: table.content[0]?.content.map((cell) => cell.attrs.align) ?? [],
    children: table.content.map((row) => ({
      type: "tableRow",
      children: row.content.map((cell) => ({
        type: "tableCell",
        children: inlinesToMarkdown(paragraphOf(cell), { footnotes, oneLine: true }),
      })),
    })),
  };
}

function paragraphOf(cell: TableCell): Inline[] | undefined {
  const [only] = cell.content;
  return only?.type === "paragraph" ? only.content : undefined;
}

function directiveTable(table: TableBlock, writeContent: WriteContent): MarkdownBlock {
  const rows = table.content.map((row) =>
    container(
      "row",
      {},
      row.content.map((cell) => {
        const { colspan, rowspan, align } = cell.attrs;
        const name = cell.type === "tableHeader" ? "header" : "cell";
        const spans = { colspan: colspan > 1 ? colspan : null, rowspan: rowspan > 1 ? rowspan : null };
        return container(name, { ...spans, align }, writeContent(cell.content));
      }),
    ),
  );
  return container("table", {}, rows);
}
