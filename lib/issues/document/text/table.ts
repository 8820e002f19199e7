import type { Block, TableCell } from "@/lib/issues/document/schema";
import { columns, hang, wrap } from "./wrap";

/**
 * Columns when they fit the width, else one paragraph for each row that names its columns. Spanning cells are
 * written once, so their columns are not aligned.
 */
export function writeTable(
  table: Extract<Block, { type: "table" }>,
  available: number,
  writeCell: (cell: TableCell) => string,
): string {
  const rows = table.content.map((entry) => entry.content.map((cell) => writeCell(cell)));
  const widths = columnWidths(rows);
  const total = widths.reduce((sum, width) => sum + width, 0) + 3 * (widths.length - 1);
  const simple = rows.every((cells) => cells.every((cell) => !cell.includes("\n")));
  if (!simple || total > available) return writeRecords(rows, headOf(table), available);
  const alignments = table.content[0]?.content.map((cell) => cell.attrs.align) ?? [];
  const lines = rows.map((cells) =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, alignments[index] ?? null))
      .join(" | ")
      .trimEnd(),
  );
  if (headOf(table)) lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("-|-"));
  return lines.join("\n");
}

function headOf(table: Extract<Block, { type: "table" }>): boolean {
  const [first, ...others] = table.content;
  return others.length > 0 && first?.content.every((cell) => cell.type === "tableHeader") === true;
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const cells of rows) {
    for (const [index, cell] of cells.entries()) {
      widths[index] = Math.max(widths[index] ?? 1, columns(cell));
    }
  }
  return widths;
}

function pad(cell: string, width: number, align: TableCell["attrs"]["align"]): string {
  const missing = Math.max(0, width - columns(cell));
  const before = align === "right" ? missing : align === "center" ? Math.floor(missing / 2) : 0;
  return " ".repeat(before) + cell + " ".repeat(missing - before);
}

function writeRecords(rows: readonly (readonly string[])[], hasHead: boolean, available: number): string {
  const head = hasHead ? rows[0] : undefined;
  return rows
    .slice(hasHead ? 1 : 0)
    .map((cells) =>
      cells
        .map((cell, index) => {
          const name = head?.[index];
          return hang(index === 0 ? "- " : "  ", wrap(name ? `${name}: ${cell}` : cell, available - 2));
        })
        .join("\n"),
    )
    .join("\n");
}
