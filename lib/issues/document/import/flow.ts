import type { Block, Document, Inline, Paywall } from "../schema";
import { EMPTY_DOCUMENT, parseDocument } from "../schema";
import { ImportRefused } from "./import-notes";
import { isInline, tidyInlines, withoutOuterBreaks } from "./inlines";

/** What may stand at the top of a document. */
export type TopBlock = Block | Paywall;
/** Ends a paragraph without being anything itself. */
export type Boundary = { type: "boundary" };
/** What reading a piece of a source gives, in its order: words, blocks, and the edges between them. */
export type Piece = Inline | TopBlock | Boundary;

export const BOUNDARY: Boundary = { type: "boundary" };

export function paragraphOf(content: Inline[]): Block {
  return content.length > 0 ? { type: "paragraph", content } : { type: "paragraph" };
}

/**
 * Groups loose words into blocks (paragraphs unless `wrap` says otherwise) and leaves blocks where they stand, so that a
 * picture inside a paragraph splits it. Nothing empty comes out.
 */
export function gatherBlocks(pieces: readonly Piece[], wrap = paragraphOf): TopBlock[] {
  const blocks: TopBlock[] = [];
  let words: Inline[] = [];
  const flush = () => {
    const content = withoutOuterBreaks(tidyInlines(words));
    if (content.length > 0) blocks.push(wrap(content));
    words = [];
  };
  for (const piece of pieces) {
    if (isInline(piece)) {
      words.push(piece);
      continue;
    }
    flush();
    if (piece.type !== "boundary") blocks.push(piece);
  }
  flush();
  return blocks;
}

/**
 * Puts blocks into a container. A paywall cannot stand inside one, so it splits it: what came before stays before the
 * wall, what came after stays behind it.
 */
export function containedBlocks(blocks: readonly TopBlock[], make: (content: Block[]) => Block): TopBlock[] {
  const result: TopBlock[] = [];
  let content: Block[] = [];
  const flush = () => {
    if (content.length > 0) result.push(make(content));
    content = [];
  };
  for (const block of blocks) {
    if (block.type !== "paywall") {
      content.push(block);
      continue;
    }
    flush();
    result.push(block);
  }
  flush();
  return result;
}

/** The same for a list, whose items are split with it. */
export function containedItems(items: readonly TopBlock[][], make: (items: Block[][]) => Block): TopBlock[] {
  const result: TopBlock[] = [];
  let kept: Block[][] = [];
  const flush = () => {
    if (kept.length > 0) result.push(make(kept));
    kept = [];
  };
  for (const item of items) {
    let content: Block[] = [];
    for (const block of item) {
      if (block.type !== "paywall") {
        content.push(block);
        continue;
      }
      if (content.length > 0) kept.push(content);
      content = [];
      flush();
      result.push(block);
    }
    if (content.length > 0) kept.push(content);
  }
  flush();
  return result;
}

/** The first paywall stays, whether at the top or between picks. Tells how many others were removed. */
export function keepFirstPaywall(blocks: readonly TopBlock[]): { blocks: TopBlock[]; removed: number } {
  let found = 0;
  const isExtra = (node: { type: string }) => node.type === "paywall" && ++found > 1;
  const kept = blocks.flatMap((block): TopBlock[] => {
    if (block.type !== "picks") return isExtra(block) ? [] : [block];
    return [{ ...block, content: block.content.filter((entry) => !isExtra(entry)) }];
  });
  return { blocks: kept, removed: Math.max(0, found - 1) };
}

/** The finished document. Throws `ImportRefused` when it exceeds the limits of a document. */
export function finishDocument(blocks: TopBlock[]): Document {
  if (blocks.length === 0) return EMPTY_DOCUMENT;
  const parsed = parseDocument({ type: "doc", content: blocks });
  if (parsed.ok) return parsed.document;
  const [problem] = parsed.problems;
  const place = problem?.path ? ` (at ${problem.path})` : "";
  throw new ImportRefused(
    `The text cannot become an issue: ${problem?.message ?? "unknown problem"}${place}.`,
  );
}
