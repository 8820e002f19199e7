"use client";

import type { ChainedCommands, Editor } from "@tiptap/core";
import { Toolbar as Bar } from "radix-ui";

const TOOLS: readonly [label: string, act: (chain: ChainedCommands) => ChainedCommands][] = [
  ["Row above", (chain) => chain.addRowBefore()],
  ["Row below", (chain) => chain.addRowAfter()],
  ["Delete row", (chain) => chain.deleteRow()],
  ["Column before", (chain) => chain.addColumnBefore()],
  ["Column after", (chain) => chain.addColumnAfter()],
  ["Delete column", (chain) => chain.deleteColumn()],
  ["Header row", (chain) => chain.toggleHeaderRow()],
  ["Merge or split", (chain) => chain.mergeOrSplit()],
  ["Left", (chain) => chain.setCellAttribute("align", null)],
  ["Centre", (chain) => chain.setCellAttribute("align", "center")],
  ["Right", (chain) => chain.setCellAttribute("align", "right")],
  ["Delete table", (chain) => chain.deleteTable()],
];

/** Shown while the cursor is in a table. */
export function TableTools({ editor }: { editor: Editor }) {
  return (
    <div className="editor-table-tools">
      {TOOLS.map(([label, act]) => (
        <Bar.Button
          key={label}
          type="button"
          className="editor-worded"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => act(editor.chain().focus()).run()}
        >
          {label}
        </Bar.Button>
      ))}
    </div>
  );
}
