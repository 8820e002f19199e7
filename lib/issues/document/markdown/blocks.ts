import type { Code } from "mdast";
import type { Block, Paywall } from "@/lib/issues/document/schema";
import { sourceOf, unknownNode } from "@/lib/issues/document/traverse";
import { container, labelled, leaf, type MarkdownBlock, withBody } from "./directives";
import { figureToMarkdown } from "./figure";
import { type InlinePlace, inlinesToMarkdown } from "./inline";
import { picksToMarkdown } from "./picks";
import { tableToMarkdown } from "./table";

type Footnotes = InlinePlace["footnotes"];
type Of<Type extends Block["type"]> = Extract<Block, { type: Type }>;

export function blocksToMarkdown(
  blocks: readonly (Block | Paywall)[],
  footnotes: Footnotes,
): MarkdownBlock[] {
  return blocks.flatMap((block) => blockToMarkdown(block, footnotes));
}

function blockToMarkdown(block: Block | Paywall, footnotes: Footnotes): MarkdownBlock[] {
  const inPlace = { footnotes, oneLine: false };
  switch (block.type) {
    case "paragraph":
      return block.content?.length
        ? [{ type: "paragraph", children: inlinesToMarkdown(block.content, inPlace) }]
        : [];
    case "heading":
      return [
        {
          type: "heading",
          depth: block.attrs.level,
          children: inlinesToMarkdown(block.content, { footnotes, oneLine: true }),
        },
      ];
    case "blockquote":
      return [{ type: "blockquote", children: blocksToMarkdown(block.content, footnotes) }];
    case "callout":
      return [
        container(block.attrs.kind, {}, [
          ...labelled(block.attrs.title),
          ...blocksToMarkdown(block.content, footnotes),
        ]),
      ];
    case "bulletList":
    case "orderedList":
      return [listToMarkdown(block, footnotes)];
    case "figure":
      return [figureToMarkdown(block, inPlace)];
    case "codeBlock":
      return [codeToMarkdown(block)];
    case "mathBlock":
      return [{ type: "math", value: block.attrs.tex }];
    case "table":
      return [tableToMarkdown(block, footnotes, (content) => blocksToMarkdown(content, footnotes))];
    case "divider":
      return [{ type: "thematicBreak" }];
    case "picks":
      return [picksToMarkdown(block, inPlace)];
    case "previousIssue":
      return [
        withBody(
          "previous-issue",
          { number: block.attrs.number, title: block.attrs.title },
          block.attrs.excerpt,
        ),
      ];
    case "linkCard": {
      const { url, title, siteName, author, description } = block.attrs;
      return [withBody("link-card", { url, title, site: siteName, author }, description)];
    }
    case "socialPost": {
      const { url, authorName, handle, date, text } = block.attrs;
      return [withBody("social-post", { url, author: authorName, handle, date }, text)];
    }
    case "videoCard":
      return [leaf("video", { ...block.attrs })];
    case "subscribeBox":
      return [leaf("subscribe", {}, block.attrs.caption)];
    case "upgradeButton":
      return [leaf("upgrade", {}, block.attrs.label)];
    case "snippet":
      return [leaf("snippet", { name: block.attrs.name })];
    case "paywall":
      return [leaf("paywall", {})];
    default:
      return unknownNode(block);
  }
}

function listToMarkdown(block: Of<"bulletList"> | Of<"orderedList">, footnotes: Footnotes): MarkdownBlock {
  const items = block.content.map((item) => {
    const children = blocksToMarkdown(item.content, footnotes);
    return { type: "listItem" as const, spread: children.length > 1, children };
  });
  const spread = items.some((item) => item.spread);
  if (block.type === "bulletList") return { type: "list", ordered: false, spread, children: items };
  return { type: "list", ordered: true, start: block.attrs.start, spread, children: items };
}

/** The fence's own words, as in `py file=train.py mark=2,5-7`. */
function codeToMarkdown(block: Of<"codeBlock">): Code {
  const { language, fileName, markedLines } = block.attrs;
  const words = [
    ...(fileName ? [`file=${/^[\w./-]+$/.test(fileName) ? fileName : JSON.stringify(fileName)}`] : []),
    ...(markedLines ? [`mark=${markedLines}`] : []),
  ];
  const lang = language || (words.length > 0 ? "none" : null);
  return { type: "code", lang, meta: words.length > 0 ? words.join(" ") : null, value: sourceOf(block) };
}
