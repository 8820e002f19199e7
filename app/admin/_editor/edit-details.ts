import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import { insertBlock, nodeWithDetails } from "./block-commands";
import { DETAILS } from "./details";
import { run } from "./insertions";
import type { Attributes } from "./nodes/checked";

/** A form that is open: of a new node, of the node at `position`, or of the link at the cursor. */
export type OpenDetails = { type: string; attrs: Attributes; position: number | null };

export function detailsAtCursor(editor: Editor): OpenDetails | null {
  const found = nodeWithDetails(editor.state, (type) => type !== "link" && type in DETAILS);
  return found && { type: found.node.type.name, attrs: found.node.attrs, position: found.position };
}

export function linkAtCursor(editor: Editor): OpenDetails {
  const { from, to, empty } = editor.state.selection;
  const href = editor.getAttributes("link").href ?? "";
  const words = empty ? "" : editor.state.doc.textBetween(from, to, " ");
  return { type: "link", attrs: { href, words }, position: href ? from : null };
}

export function applyDetails(editor: Editor, open: OpenDetails, attrs: Record<string, unknown>): void {
  if (open.type === "link") applyLink(editor, String(attrs.href), String(attrs.words ?? ""));
  else if (open.position === null) insertNew(editor, open.type, attrs);
  else changeNode(editor, open.type, open.position, attrs);
}

function changeNode(editor: Editor, type: string, position: number, attrs: Record<string, unknown>): void {
  const node = editor.state.doc.nodeAt(position);
  if (node?.type.name !== type) return;
  const wasSelected = editor.state.selection instanceof NodeSelection;
  const tr = editor.state.tr.setNodeMarkup(position, undefined, { ...node.attrs, ...attrs }, node.marks);
  if (wasSelected) tr.setSelection(NodeSelection.create(tr.doc, position));
  editor.view.dispatch(tr);
  editor.view.focus();
}

function applyLink(editor: Editor, href: string, words: string): void {
  const { empty } = editor.state.selection;
  const chain = editor.chain().focus();
  if (!empty || editor.isActive("link")) chain.extendMarkRange("link").setLink({ href }).run();
  else
    chain
      .insertContent([{ type: "text", text: words || href, marks: [{ type: "link", attrs: { href } }] }])
      .unsetMark("link")
      .run();
}

function insertNew(editor: Editor, type: string, attrs: Record<string, unknown>): void {
  const node = editor.schema.nodes[type]?.create(attrs);
  if (!node) return;
  if (node.isInline) {
    editor.view.dispatch(editor.state.tr.replaceSelectionWith(node, true).scrollIntoView());
    editor.view.focus();
    return;
  }
  const { $from } = editor.state.selection;
  const amongPicks = Array.from({ length: $from.depth + 1 }, (_, depth) => $from.node(depth).type.name);
  const list = editor.schema.nodes.picks;
  const loose = type === "pick" && !amongPicks.includes("picks") && list;
  run(editor, insertBlock(loose ? list.create(null, node) : node));
}

export function removeLink(editor: Editor): void {
  editor.chain().focus().extendMarkRange("link").unsetLink().run();
}
