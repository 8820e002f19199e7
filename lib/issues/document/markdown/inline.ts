import type { PhrasingContent } from "mdast";
import type { Inline, Mark } from "@/lib/issues/document/schema";
import { unknownNode } from "@/lib/issues/document/traverse";
import { oneLine } from "./directives";

/** Marks lie in one another in this order, outermost first. */
const MARK_ORDER: readonly Mark["type"][] = [
  "link",
  "bold",
  "italic",
  "strike",
  "superscript",
  "subscript",
  "code",
];

export type InlinePlace = {
  /** Footnotes met so far; a note's words follow at the end of the file under its number. */
  footnotes: Inline[][];
  /** Where a line must not end: in headings and pipe tables. */
  oneLine: boolean;
};

/** A run of text as Markdown nodes; neighbours that share a mark share one node around them. */
export function inlinesToMarkdown(
  inlines: readonly Inline[] | undefined,
  place: InlinePlace,
): PhrasingContent[] {
  const runs = (inlines ?? []).map((node) => ({ node, marks: orderedMarks(node) }));
  return apartFromColon(nest(runs, place));
}

/** `[^1]:` at the beginning of a paragraph would be read as the words of the note. */
function apartFromColon(nodes: PhrasingContent[]): PhrasingContent[] {
  const [first, second, ...others] = nodes;
  if (first?.type !== "footnoteReference" || !second) return nodes;
  const colon = second.type === "textDirective" || (second.type === "text" && second.value.startsWith(":"));
  return colon ? [first, { type: "text", value: " " }, second, ...others] : nodes;
}

type Run = { node: Inline; marks: readonly Mark[] };

function orderedMarks(node: Inline): Mark[] {
  const marks = (node.marks ?? []).filter((mark) => mark.type !== "code" || node.type === "text");
  return marks.sort((one, two) => MARK_ORDER.indexOf(one.type) - MARK_ORDER.indexOf(two.type));
}

function nest(runs: readonly Run[], place: InlinePlace): PhrasingContent[] {
  const nodes: PhrasingContent[] = [];
  for (let index = 0; index < runs.length; ) {
    const run = runs[index];
    if (!run) break;
    const [mark] = run.marks;
    let end = index + 1;
    while (end < runs.length && sameMark(mark, runs[end]?.marks[0])) end += 1;
    if (!mark)
      nodes.push(...joinedFormulas(runs.slice(index, end)).map((node) => inlineToMarkdown(node, place)));
    else if (mark.type === "code")
      nodes.push({ type: "inlineCode", value: plainText(runs.slice(index, end)) });
    else {
      const inner = runs.slice(index, end).map(({ node, marks }) => ({ node, marks: marks.slice(1) }));
      nodes.push(wrapInMark(mark, nest(inner, place)));
    }
    index = end;
  }
  return nodes;
}

/** `$a$$b$` would be one formula with two dollar signs in it, so formulas side by side become one. */
function joinedFormulas(runs: readonly Run[]): Inline[] {
  const nodes: Inline[] = [];
  for (const { node } of runs) {
    const last = nodes.at(-1);
    if (node.type !== "mathInline" || last?.type !== "mathInline") nodes.push(node);
    else nodes[nodes.length - 1] = { ...last, attrs: { tex: `{${last.attrs.tex}}{${node.attrs.tex}}` } };
  }
  return nodes;
}

function sameMark(one: Mark | undefined, two: Mark | undefined): boolean {
  if (one?.type === "link" && two?.type === "link") return one.attrs.href === two.attrs.href;
  return one?.type === two?.type;
}

function plainText(runs: readonly Run[]): string {
  return runs.map(({ node }) => (node.type === "text" ? node.text : "")).join("");
}

function wrapInMark(mark: Exclude<Mark, { type: "code" }>, children: PhrasingContent[]): PhrasingContent {
  switch (mark.type) {
    case "link":
      return { type: "link", url: mark.attrs.href, children };
    case "bold":
      return { type: "strong", children };
    case "italic":
      return { type: "emphasis", children };
    case "strike":
      return { type: "delete", children };
    case "superscript":
      return { type: "textDirective", name: "sup", attributes: {}, children };
    case "subscript":
      return { type: "textDirective", name: "sub", attributes: {}, children };
    default:
      return unknownNode(mark);
  }
}

function inlineToMarkdown(node: Inline, place: InlinePlace): PhrasingContent {
  switch (node.type) {
    case "text":
      return { type: "text", value: node.text.replace(/\s+/g, " ") };
    case "hardBreak":
      if (!place.oneLine) return { type: "break" };
      return { type: "textDirective", name: "br", attributes: {}, children: [] };
    case "mathInline":
      return { type: "inlineMath", value: node.attrs.tex };
    case "variable":
      return directive("variable", node.attrs.name, {});
    case "mention":
      return directive("mention", node.attrs.name, { url: node.attrs.url });
    case "footnote": {
      const label = String(place.footnotes.push(node.attrs.content));
      return { type: "footnoteReference", identifier: label, label };
    }
    default:
      return unknownNode(node);
  }
}

function directive(name: string, words: string, attributes: Record<string, string | null>): PhrasingContent {
  return { type: "textDirective", name, attributes, children: [{ type: "text", value: oneLine(words) }] };
}
