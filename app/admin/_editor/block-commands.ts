import { closeHistory } from "@tiptap/pm/history";
import { type Node as DocumentNode, Fragment, type NodeType } from "@tiptap/pm/model";
import { type Command, type EditorState, NodeSelection, Selection, type Transaction } from "@tiptap/pm/state";

/** What moves and is deleted as one: a list item, a pick, or a block of the issue, a quote, a callout or a cell. */
const MOVES = new Set(["listItem", "pick"]);
const HOLDS_BLOCKS = new Set(["doc", "blockquote", "callout", "tableCell", "tableHeader", "picks"]);

export type PlacedNode = { node: DocumentNode; position: number };

export function blockAt(state: EditorState): PlacedNode | null {
  const { selection } = state;
  if (selection instanceof NodeSelection && selection.node.isBlock)
    return { node: selection.node, position: selection.from };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (MOVES.has(node.type.name) || HOLDS_BLOCKS.has($from.node(depth - 1).type.name))
      return { node, position: $from.before(depth) };
  }
  return null;
}

/** A transaction that undo takes back by itself, however fast somebody typed before it. */
function undoneAlone(state: EditorState): Transaction {
  return closeHistory(state.tr);
}

/** Changes places with the block before or after; the selection goes along. */
export function moveBlock(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const block = blockAt(state);
    if (!block) return false;
    const { node, position } = block;
    const place = state.doc.resolve(position);
    const index = place.index() + direction;
    const other = place.parent.maybeChild(index);
    if (!other) return false;
    if (!dispatch) return true;
    const target = direction < 0 ? position - other.nodeSize : position + other.nodeSize;
    const tr = undoneAlone(state)
      .delete(position, position + node.nodeSize)
      .insert(target, node);
    const { selection } = state;
    const moved = target - position;
    const next =
      selection instanceof NodeSelection
        ? NodeSelection.create(tr.doc, selection.from + moved)
        : Selection.near(tr.doc.resolve(selection.from + moved));
    dispatch(tr.setSelection(next).scrollIntoView());
    return true;
  };
}

/** Takes the block out; one that is alone in its place leaves an empty paragraph, or takes its container along. */
export const deleteBlock: Command = (state, dispatch) => {
  const block = blockAt(state);
  if (!block) return false;
  if (dispatch) {
    const tr = undoneAlone(state).deleteRange(block.position, block.position + block.node.nodeSize);
    const near = Math.min(block.position, tr.doc.content.size);
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(near))).scrollIntoView());
  }
  return true;
};

/** For Backspace and Delete, which take a selected block out and leave text to the editor. */
export const deleteSelectedBlock: Command = (state, dispatch, view) =>
  state.selection instanceof NodeSelection && state.selection.node.isBlock
    ? deleteBlock(state, dispatch, view)
    : false;

/** Puts a block where an empty paragraph stands, or behind the block that the cursor is in, and goes into it. */
export function insertBlock(nodes: DocumentNode | readonly DocumentNode[]): Command {
  return (state, dispatch) => {
    const fragment = Fragment.from(nodes);
    const place = placeFor(state, fragment.firstChild?.type);
    if (!place || !fragment.firstChild) return false;
    if (dispatch) {
      const tr = undoneAlone(state).replaceWith(place.from, place.to, fragment);
      select(tr, fragment.lastChild, place.from + fragment.size);
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

function placeFor(state: EditorState, type: NodeType | undefined): { from: number; to: number } | null {
  const { selection } = state;
  const { $to } = selection;
  if (!type) return null;
  if (!(selection instanceof NodeSelection) && $to.depth > 0) {
    const empty = $to.parent.type.name === "paragraph" && $to.parent.content.size === 0;
    const index = $to.index(-1);
    if (empty && $to.node(-1).canReplaceWith(index, index + 1, type))
      return { from: $to.before(), to: $to.after() };
  }
  const from = selection instanceof NodeSelection && selection.node.isBlock ? selection.to : null;
  if (from !== null && $to.parent.canReplaceWith($to.index(), $to.index(), type)) return { from, to: from };
  for (let depth = $to.depth; depth > 0; depth -= 1) {
    const index = $to.indexAfter(depth - 1);
    if ($to.node(depth - 1).canReplaceWith(index, index, type))
      return { from: $to.after(depth), to: $to.after(depth) };
  }
  return null;
}

/** The last node inserted is selected; text goes on in it, or in a paragraph behind it where the issue ended. */
function select(tr: Transaction, last: DocumentNode | null, end: number): void {
  if (!last) return;
  if (last.isAtom) {
    const { paragraph } = tr.doc.type.schema.nodes;
    if (end === tr.doc.content.size && paragraph) tr.insert(end, paragraph.create());
    tr.setSelection(NodeSelection.create(tr.doc, end - last.nodeSize));
  } else tr.setSelection(Selection.near(tr.doc.resolve(end - last.nodeSize + 1)));
}

/** There is one paywall: where there is one already, it comes here. */
export const placePaywall: Command = (state, dispatch) => {
  const { paywall } = state.schema.nodes;
  if (!paywall) return false;
  const place = placeFor(state, paywall);
  if (!place) return false;
  if (dispatch) {
    const tr = undoneAlone(state).replaceWith(place.from, place.to, paywall.create());
    tr.setMeta("addToHistory", true);
    state.doc.descendants((node, position) => {
      if (node.type !== paywall) return !node.isTextblock;
      const old = tr.mapping.map(position, position < place.from ? -1 : 1);
      if (tr.doc.nodeAt(old)?.type === paywall) tr.delete(old, old + 1);
      return false;
    });
    let position = 0;
    tr.doc.descendants((node, at) => {
      if (node.type === paywall) position = at;
      return !node.isTextblock;
    });
    if (position + 1 === tr.doc.content.size && state.schema.nodes.paragraph)
      tr.insert(position + 1, state.schema.nodes.paragraph.create());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(position + 1), 1)).scrollIntoView());
  }
  return true;
};

/** The node behind a form: the selected one, else the nearest around the cursor whose type has details. */
export function nodeWithDetails(
  state: EditorState,
  hasDetails: (type: string) => boolean,
): PlacedNode | null {
  const { selection } = state;
  if (selection instanceof NodeSelection && hasDetails(selection.node.type.name))
    return { node: selection.node, position: selection.from };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (hasDetails(node.type.name)) return { node, position: $from.before(depth) };
  }
  return null;
}

/** Backspace at the very beginning of a figure's caption or a pick's summary selects the whole, not to lose its details. */
export const selectHolder: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || !["figure", "pick"].includes($from.parent.type.name)) return false;
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, $from.before())));
  return true;
};

/** Enter in a caption or a summary goes on below: neither has a second paragraph. */
export const leaveHolder: Command = (state, dispatch) => {
  const { $from } = state.selection;
  const { paragraph } = state.schema.nodes;
  const type = $from.parent.type.name;
  if (!["figure", "pick"].includes(type) || !paragraph) return false;
  if (dispatch) {
    const after = type === "pick" ? $from.after(-1) : $from.after();
    const tr = state.tr.insert(after, paragraph.create());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  }
  return true;
};
