import type { Block } from "@/lib/issues/document/schema";
import { container, type MarkdownBlock, oneLine } from "./directives";
import { type InlinePlace, inlinesToMarkdown } from "./inline";

type Figure = Extract<Block, { type: "figure" }>;

/** An image with its caption as title, or a directive where there is more to say than that. */
export function figureToMarkdown(block: Figure, place: InlinePlace): MarkdownBlock {
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
function plainCaption(block: Figure): string | null {
  const [only, ...more] = block.content ?? [];
  if (!only) return "";
  if (more.length > 0 || only.type !== "text" || only.marks?.length) return null;
  return only.text === oneLine(only.text) ? only.text : null;
}
