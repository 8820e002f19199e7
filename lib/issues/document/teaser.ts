/**
 * Cuts an issue at its paywall. Pure; the same document always gives the same halves, and both pass
 * `parseDocument`. Never decides who may read: `canReadWhole` is answered by the one access rule and passed in.
 */
import type { ReaderKind } from "./facts";
import type { Block, Document } from "./schema";

export type CutDocument = { document: Document; wall: boolean };

type TopNode = Document["content"][number];
type Picks = Extract<Block, { type: "picks" }>;
type Halves = { before: TopNode[]; after: TopNode[]; wall: boolean };

/**
 * The free beginning: everything before the paywall, nothing of what follows it at any level. `wall` says whether
 * there was a paywall. Without one the teaser is the whole document.
 */
export function cutTeaser(document: Document): { teaser: Document; wall: boolean } {
  const { before, wall } = halves(document);
  return { teaser: { type: "doc", content: before }, wall };
}

/** What stands behind the paywall; empty when there is none. */
export function membersPart(document: Document): Document {
  return { type: "doc", content: halves(document).after };
}

/**
 * The document that this reader may see: the only way from a stored document to a rendering.
 *
 * - Who may read the whole gets it without the paywall node, and no wall.
 * - Who may not gets the part before the paywall, also of an issue for `EVERYONE`: an author who puts a paywall in
 *   means it.
 * - An issue for `MEMBERS` without a paywall is all behind the wall: the document is empty and `wall` is true.
 */
export function documentFor(
  document: Document,
  options: { audience: "EVERYONE" | "MEMBERS"; canReadWhole: boolean },
): CutDocument {
  if (options.canReadWhole) return { document: withoutPaywall(document), wall: false };
  const { teaser, wall } = cutTeaser(document);
  if (wall || options.audience === "EVERYONE") return { document: teaser, wall };
  return { document: { type: "doc", content: [] }, wall: true };
}

/**
 * The second lock, inside each renderer: even when a caller forgot `documentFor`, only a member's rendering goes
 * past the paywall.
 */
export function guardForReader(document: Document, reader: ReaderKind): Document {
  return reader === "member" ? withoutPaywall(document) : cutTeaser(document).teaser;
}

function withoutPaywall(document: Document): Document {
  const content = document.content.flatMap((node): TopNode[] => {
    if (node.type === "paywall") return [];
    if (node.type !== "picks") return [node];
    return picksOf(node.content.filter((entry) => entry.type !== "paywall"));
  });
  return { type: "doc", content };
}

function halves(document: Document): Halves {
  for (const [index, node] of document.content.entries()) {
    const before = document.content.slice(0, index);
    const after = document.content.slice(index + 1);
    if (node.type === "paywall") return { before, after, wall: true };
    if (node.type !== "picks") continue;
    const at = node.content.findIndex((entry) => entry.type === "paywall");
    if (at < 0) continue;
    return {
      before: [...before, ...picksOf(node.content.slice(0, at))],
      after: [...picksOf(node.content.slice(at + 1)), ...after],
      wall: true,
    };
  }
  return { before: document.content, after: [], wall: false };
}

/** An empty list of picks is no valid node, so nothing stands in its place. */
function picksOf(entries: Picks["content"]): Picks[] {
  return entries.length > 0 ? [{ type: "picks", content: entries }] : [];
}
