import type { Block, ListItem, Pick } from "../../schema";
import { containedItems, gatherBlocks, type Piece, type TopBlock } from "../flow";
import { readPick } from "../picks";
import { type Element, isTag } from "./dom";
import { type Reading, roomFor } from "./reading";
import { piecesOf } from "./walk";

/** Items in order. What stands between them (a paywall, a list that forgot its item) belongs to the item before. */
function itemsOf(list: Element, reading: Reading): TopBlock[][] {
  const items: TopBlock[][] = [];
  for (const child of list.children) {
    const blocks = gatherBlocks(
      isTag(child) && child.name === "li" ? piecesOf(child.children, reading) : piecesOf([child], reading),
    );
    if (blocks.length === 0) continue;
    const last = items.at(-1);
    if (isTag(child) && child.name === "li") items.push(blocks);
    else if (last) last.push(...blocks);
    else items.push(blocks);
  }
  return items;
}

export function listPieces(list: Element, reading: Reading): Piece[] {
  const deeper = roomFor(2, reading);
  const items = itemsOf(list, deeper ?? reading);
  if (!deeper) return items.flat();
  const picks = list.name === "ol" ? null : picksOf(items, reading);
  if (picks) return [picks];
  const written = Number(list.attribs.start ?? "1");
  let start = Number.isInteger(written) && written >= 0 ? written : 1;
  return containedItems(items, (contents): Block => {
    const content = contents.map((blocks): ListItem => ({ type: "listItem", content: blocks }));
    if (list.name !== "ol") return { type: "bulletList", content };
    const numbered: Block = { type: "orderedList", attrs: { start }, content };
    start += content.length;
    return numbered;
  });
}

/**
 * A list of recommendations: every item begins with a linked title in bold, and at least one goes on with an author
 * or a summary. Null for every other list.
 */
function picksOf(items: readonly TopBlock[][], reading: Reading): Block | null {
  const content: Extract<Block, { type: "picks" }>["content"] = [];
  const found: Pick[] = [];
  let lostLinks = 0;
  for (const [first, ...others] of items) {
    const bold =
      first?.type === "paragraph" && first.content?.[0]?.marks?.some(({ type }) => type === "bold");
    const read = bold && first.content ? readPick(first.content) : null;
    if (!read || others.some(({ type }) => type !== "paywall")) return null;
    lostLinks += read.authorLinkLost ? 1 : 0;
    found.push(read.pick);
    content.push(read.pick, ...others.filter((block) => block.type === "paywall"));
  }
  if (!found.some((pick) => pick.content || pick.attrs.author)) return null;
  if (lostLinks > 0)
    reading.notes.add("A pick names its author without a link; the author's link was left out.");
  return { type: "picks", content };
}

/** Two lists of recommendations with the paywall between them are one list with the paywall in it. */
export function joinPicksAcrossPaywall(blocks: readonly TopBlock[]): TopBlock[] {
  const result: TopBlock[] = [];
  for (const block of blocks) {
    const wall = result.at(-1);
    const before = result.at(-2);
    if (block.type === "picks" && wall?.type === "paywall" && before?.type === "picks") {
      result.splice(-2, 2, { ...before, content: [...before.content, wall, ...block.content] });
    } else result.push(block);
  }
  return result;
}
