import type { RenderContext } from "@/lib/issues/document/facts";
import { absoluteUrl } from "@/lib/issues/document/wording";

/** One rendering in progress: footnotes and links are numbered in the order in which they are read. */
export type TextDrawing = {
  context: RenderContext;
  notes: string[];
  links: Map<string, number>;
  insideSnippet: boolean;
  /** Columns that are left inside the containers around. */
  width: number;
};

/** The same rendering inside a container that takes some columns at the left. */
export function indented(drawing: TextDrawing, columns: number): TextDrawing {
  return { ...drawing, width: Math.max(20, drawing.width - columns) };
}

/** The number under which the address stands at the end; the same address keeps its number. */
export function linkNumber(href: string, drawing: TextDrawing): number {
  const url = absoluteUrl(href, drawing.context.issue);
  const number = drawing.links.get(url) ?? drawing.links.size + 1;
  drawing.links.set(url, number);
  return number;
}
