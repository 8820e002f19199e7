"use client";

import { Button } from "@/app/_components/button";
import { Dialog } from "./dialog";

const SHORTCUTS: readonly [keys: string, does: string][] = [
  ["/", "insert anything"],
  ["Ctrl B, I, E", "bold, italic, code"],
  ["Ctrl Shift S", "strike through"],
  ["Ctrl . and Ctrl ,", "superscript, subscript"],
  ["Ctrl K", "link"],
  ["Ctrl Alt 2, 3, 4", "heading; 0 makes it a paragraph again"],
  ["Ctrl Shift 7, 8", "numbered list, bullet list"],
  ["Ctrl Shift B", "quote"],
  ["Ctrl Alt C", "code block"],
  ["Alt Enter", "details of the block or formula at the cursor"],
  ["Alt ↑, Alt ↓", "move the block"],
  ["Esc", "select the block; Backspace then deletes it"],
  ["Ctrl Shift ⌫", "delete the block"],
  ["Ctrl Z, Ctrl Shift Z", "undo, redo"],
  ["Ctrl Shift V", "paste as plain text"],
  ["Alt F10", "to the toolbar"],
  ["Ctrl S", "save now"],
];
const TYPED: readonly [typed: string, gives: string][] = [
  ["## ", "heading (### and #### too)"],
  ["- or 1. ", "list"],
  ["> ", "quote"],
  ["```ts ", "code block in TypeScript"],
  ["---", "divider"],
  ["**x**, *x*, `x`, ~~x~~", "bold, italic, code, strike"],
  ["$x$", "formula"],
];

export function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <Keys entries={SHORTCUTS} />
      <h3 className="mt-4 font-medium">While typing</h3>
      <Keys entries={TYPED} />
      <p className="desk-soft mb-3">On a Mac, Ctrl is ⌘ and Alt is ⌥.</p>
      <Button type="button" tone="quiet" onClick={onClose}>
        Close
      </Button>
    </Dialog>
  );
}

function Keys({ entries }: { entries: readonly [string, string][] }) {
  return (
    <dl className="editor-keys">
      {entries.map(([keys, does]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
