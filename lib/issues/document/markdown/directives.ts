import type { BlockContent, DefinitionContent, PhrasingContent } from "mdast";
import { plainParagraphs } from "@/lib/issues/document/wording";

export type MarkdownBlock = BlockContent | DefinitionContent;
type Attributes = Record<string, string | number | null>;

/** Titles and names have no line breaks in Markdown. */
export function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}

/** `::name[label]{…}`, a block by itself. */
export function leaf(name: string, attributes: Attributes, label: string | null = null): MarkdownBlock {
  const words = label && oneLine(label);
  return {
    type: "leafDirective",
    name,
    attributes: written(attributes),
    children: words ? [{ type: "text", value: words }] : [],
  };
}

/** `:::name{…}` around other blocks. */
export function container(
  name: string,
  attributes: Attributes,
  children: MarkdownBlock[],
): Extract<BlockContent, { type: "containerDirective" }> {
  return { type: "containerDirective", name, attributes: written(attributes), children };
}

/** The `[Title]` of a container directive; its library keeps it as a first paragraph that is marked so. */
export function labelled(title: string | null): MarkdownBlock[] {
  if (!title) return [];
  const children: PhrasingContent[] = [{ type: "text", value: oneLine(title) }];
  return [{ type: "paragraph", data: { directiveLabel: true }, children }];
}

/** A container around plain text, or a leaf where there is none. */
export function withBody(name: string, attributes: Attributes, body: string | null): MarkdownBlock {
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

function written(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === null || value === "" ? [] : [[name, oneLine(String(value))]],
    ),
  );
}
