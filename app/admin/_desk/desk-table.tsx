import type { ReactNode } from "react";
import "./desk-table.css";

export type Column<Row> = {
  head: string;
  cell: (row: Row) => ReactNode;
  /** How the cells look; `number` sets them, and the head, to the right; `wide` keeps room for lines. */
  look?: string;
};

/**
 * A table of the desk: scrolls by itself on a small screen, where the keyboard reaches it too. One that `stacks` sets the
 * cells of a row below each other there, each with its head: for rows with much to read, or to press.
 */
export function DeskTable<Row>({
  label,
  rows,
  keyOf,
  columns,
  stacks = false,
}: {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  columns: readonly Column<Row>[];
  stacks?: boolean;
}) {
  return (
    <section className="desk-table-scroll" aria-label={label} tabIndex={0}>
      <table className={stacks ? "desk-table stacks" : "desk-table"}>
        <thead>
          <tr>
            {columns.map(({ head, look }) => (
              <th
                key={head}
                scope="col"
                className={look?.split(" ").includes("number") ? "number" : undefined}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ head, cell, look }) => (
                <td key={head} className={look} data-head={head}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
