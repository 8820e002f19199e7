import { Extension } from "@tiptap/core";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { type EditorState, Plugin, type Transaction } from "@tiptap/pm/state";
import { isTooDeep } from "@/lib/issues/document/schema";

/**
 * Keeps what ProseMirror's grammar cannot say: one paywall, and no list of picks without a pick or with a pick that has
 * neither title nor address, and nothing nested deeper than an issue may be. Words are never dropped: those of a pick that
 * lost its title become a paragraph, and what is too deep comes to stand below the block that it was in.
 */
export const keepValid = Extension.create({
  name: "keepValid",
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction: (transactions, _before, state) =>
        transactions.some((transaction) => transaction.docChanged) ? mended(state) : null,
    }),
  ],
});

export function mended(state: EditorState): Transaction | null {
  const { tr } = state;
  const blocks: { node: DocumentNode; position: number }[] = [];
  let walled = false;
  state.doc.descendants((node, position, parent) => {
    const { name } = node.type;
    if (name === "paywall") {
      // Inside a quote, a callout or a cell the grammar lets no paywall in, except through picks.
      const allowed = !walled && (parent === state.doc || isTopPicks(state, position));
      if (allowed) walled = true;
      else blocks.push({ node, position });
    }
    if (name === "picks" && !isWhole(node)) blocks.push({ node, position });
    return !node.isTextblock;
  });
  for (const { node, position } of blocks.reverse()) {
    const from = tr.mapping.map(position);
    if (node.type.name === "paywall") tr.delete(from, from + node.nodeSize);
    else rebuildPicks(tr, tr.doc.nodeAt(from) ?? node, from);
  }
  if (!tr.docChanged) raiseTooDeep(tr);
  return tr.docChanged ? tr : null;
}

/** What stands in fewer nodes than this is never too deep, whatever marks and notes it has. */
const NEVER_TOO_DEEP = 18;
const RAISED_FROM = 14;

function raiseTooDeep(tr: Transaction): void {
  const deepest = findDeepest(tr.doc, -1, 0);
  if (deepest.depth < NEVER_TOO_DEEP || !isTooDeep(tr.doc.toJSON())) return;
  const place = tr.doc.resolve(deepest.position);
  const { contentMatch } = tr.doc.type;
  for (let depth = RAISED_FROM; depth > 1; depth -= 1) {
    const node = place.node(depth);
    if (!contentMatch.matchType(node.type)) continue;
    const from = place.before(depth);
    tr.insert(place.after(1), node).deleteRange(from, from + node.nodeSize);
    return;
  }
}

/** The block that stands in the most others. */
function findDeepest(
  node: DocumentNode,
  position: number,
  depth: number,
): { position: number; depth: number } {
  let deepest = { position, depth };
  if (node.isTextblock) return deepest;
  node.forEach((child, offset) => {
    const found = findDeepest(child, position + 1 + offset, depth + 1);
    if (found.depth > deepest.depth) deepest = found;
  });
  return deepest;
}

function isTopPicks(state: EditorState, position: number): boolean {
  const place = state.doc.resolve(position);
  return place.depth === 1 && place.parent.type.name === "picks";
}

function isWhole(picks: DocumentNode): boolean {
  let named = 0;
  let nameless = 0;
  picks.forEach((child) => {
    if (child.type.name !== "pick") return;
    if (child.attrs.url && child.attrs.title) named += 1;
    else nameless += 1;
  });
  return named > 0 && nameless === 0;
}

function rebuildPicks(tr: Transaction, picks: DocumentNode, position: number): void {
  const { paragraph } = picks.type.schema.nodes;
  const kept: DocumentNode[] = [];
  const loose: DocumentNode[] = [];
  picks.forEach((child) => {
    if (child.type.name === "paywall" || (child.attrs.url && child.attrs.title)) kept.push(child);
    else if (child.content.size > 0 && paragraph) loose.push(paragraph.create(null, child.content));
  });
  const hasPick = kept.some((child) => child.type.name === "pick");
  const parent = tr.doc.resolve(position).parent;
  const walls = hasPick || parent.type.name !== "doc" ? [] : kept;
  const replacement = [...(hasPick ? [picks.type.create(null, kept)] : walls), ...loose];
  if (replacement.length === 0 && parent.childCount === 1 && paragraph) replacement.push(paragraph.create());
  tr.replaceWith(position, position + picks.nodeSize, replacement);
}
