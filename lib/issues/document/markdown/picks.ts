import type { PhrasingContent } from "mdast";
import type { Block } from "@/lib/issues/document/schema";
import { container, leaf, type MarkdownBlock, oneLine } from "./directives";
import { type InlinePlace, inlinesToMarkdown } from "./inline";

/** Lists of links, with the paywall between two of them where it falls among the picks. */
export function picksToMarkdown(block: Extract<Block, { type: "picks" }>, place: InlinePlace): MarkdownBlock {
  const children: MarkdownBlock[] = [];
  for (const entry of block.content) {
    if (entry.type === "paywall") {
      children.push(leaf("paywall", {}));
      continue;
    }
    const { url, title, author } = entry.attrs;
    const link: PhrasingContent = {
      type: "link",
      url,
      title: author && oneLine(author),
      children: [{ type: "text", value: oneLine(title) }],
    };
    const summary: PhrasingContent[] = entry.content?.length
      ? [{ type: "text", value: ": " }, ...inlinesToMarkdown(entry.content, place)]
      : [];
    const item = {
      type: "listItem" as const,
      spread: false,
      children: [{ type: "paragraph" as const, children: [link, ...summary] }],
    };
    const last = children.at(-1);
    if (last?.type === "list") last.children.push(item);
    else children.push({ type: "list", ordered: false, spread: false, children: [item] });
  }
  return container("picks", {}, children);
}
