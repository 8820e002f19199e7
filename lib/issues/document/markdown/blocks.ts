import type { BlockContent, Code, DefinitionContent, PhrasingContent, RootContent } from "mdast";
import type { ContainerDirective } from "mdast-util-directive";
import type { Block, Paywall, TableCell } from "../schema";
import { sourceOf, unknownNode } from "../traverse";
import { plainParagraphs } from "../wording";
import { type InlinePlace, inlinesToMarkdown, oneLine } from "./inline";
import { tableToMarkdown } from "./table";

export type MarkdownBlock = BlockContent | DefinitionContent;
type Footnotes = InlinePlace["footnotes"];
type Of<Type extends Block["type"]> = Extract<Block, { type: Type }>;
type Attributes = Record<string, string | number | null>;

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
      return [tableToMarkdown(block, footnotes)];
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

function figureToMarkdown(block: Of<"figure">, place: InlinePlace): MarkdownBlock {
  const { src, alt, width, height } = block.attrs;
  const caption = inlinesToMarkdown(block.content, place);
  const image = { type: "image" as const, url: src, alt: oneLine(alt) };
  const plain = plainCaption(block);
  if (width === null && height === null && plain !== null) {
    return { type: "paragraph", children: [{ ...image, title: plain || null }] };
  }
  const children: MarkdownBlock[] = [{ type: "paragraph", children: [image] }];
  if (caption.length > 0) children.push({ type: "paragraph", children: caption });
  return container("figure", { width, height }, children);
}

/** The caption as a string when it is nothing but words; an image's title can hold no more. */
function plainCaption(block: Of<"figure">): string | null {
  const [only, ...more] = block.content ?? [];
  if (!only) return "";
  if (more.length > 0 || only.type !== "text" || only.marks?.length) return null;
  return only.text === oneLine(only.text) ? only.text : null;
}

function picksToMarkdown(block: Of<"picks">, place: InlinePlace): MarkdownBlock {
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

function withBody(name: string, attributes: Attributes, body: string | null): MarkdownBlock {
  if (!body?.trim()) return leaf(name, attributes);
  const paragraphs = plainParagraphs(body).map((lines) => ({
    type: "paragraph" as const,
    children: lines.flatMap((line, index): PhrasingContent[] => {
      const text: PhrasingContent = { type: "text", value: oneLine(line) };
      return index === 0 ? [text] : [{ type: "break" }, text];
    }),
  }));
  return container(name, attributes, paragraphs);
}

function leaf(name: string, attributes: Attributes, label: string | null = null): MarkdownBlock {
  const words = label && oneLine(label);
  return {
    type: "leafDirective",
    name,
    attributes: written(attributes),
    children: words ? [{ type: "text", value: words }] : [],
  };
}

export function container(
  name: string,
  attributes: Attributes,
  children: MarkdownBlock[],
): ContainerDirective {
  return { type: "containerDirective", name, attributes: written(attributes), children };
}

/** The `[Title]` of a container directive; its library keeps it as a first paragraph that is marked so. */
function labelled(title: string | null): MarkdownBlock[] {
  if (!title) return [];
  const children: PhrasingContent[] = [{ type: "text", value: oneLine(title) }];
  return [{ type: "paragraph", data: { directiveLabel: true }, children }];
}

function written(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === null || value === "" ? [] : [[name, oneLine(String(value))]],
    ),
  );
}

export type { RootContent, TableCell };
