import type { ListItem } from "mdast";
import type { Block, Pick } from "../../schema";
import type { TopBlock } from "../flow";
import { attributeLine } from "../inlines";
import { readPick } from "../picks";
import { blocksOf } from "./blocks";
import type { DirectiveParts } from "./directives";
import { lineOf, type Reading } from "./reading";
import { inlinesOf } from "./words";

/** The pick that a list item describes, or null when it is not one link, perhaps an author, perhaps a summary. */
function pickOf(item: ListItem, reading: Reading): Pick | null {
  const [paragraph, ...others] = item.children;
  if (paragraph?.type !== "paragraph" || others.length > 0) return null;
  const [link] = paragraph.children;
  if (link?.type !== "link") return null;
  const found = readPick(inlinesOf(paragraph.children, reading));
  if (!found) return null;
  const author = attributeLine(link.title) ?? found.pick.attrs.author;
  return { ...found.pick, attrs: { ...found.pick.attrs, author } };
}

/** Reads the lists inside `picks`, with the paywall between two of them. */
export function picksBlocks(parts: DirectiveParts, reading: Reading): TopBlock[] {
  const content: Extract<Block, { type: "picks" }>["content"] = [];
  for (const child of parts.held) {
    if (child.type === "leafDirective" && child.name === "paywall") {
      content.push({ type: "paywall" });
      continue;
    }
    const picks = child.type === "list" ? child.children.map((item) => pickOf(item, reading)) : [null];
    if (!picks.every((pick) => pick !== null)) {
      reading.notes.add(
        "Picks that are not all `[Title](https://…) by Author: Summary` were kept as an ordinary list.",
        lineOf(child),
      );
      return blocksOf(parts.held, reading);
    }
    content.push(...picks);
  }
  return content.length > 0 ? [{ type: "picks", content }] : [];
}
