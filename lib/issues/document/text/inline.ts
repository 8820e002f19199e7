import type { Inline } from "@/lib/issues/document/schema";
import { unknownNode } from "@/lib/issues/document/traverse";
import { absoluteUrl, variableWords } from "@/lib/issues/document/wording";
import { linkNumber, type TextDrawing } from "./drawing";

/**
 * A run of text as one string; `\n` stands for hard breaks alone. A link is its words and a number in brackets,
 * and its address stands in the list at the end; an address that is its own words is not repeated.
 */
export function writeInlines(inlines: readonly Inline[] | undefined, drawing: TextDrawing): string {
  const runs: { href: string | null; nodes: Inline[] }[] = [];
  for (const node of inlines ?? []) {
    const href = linkOf(node);
    const last = runs.at(-1);
    if (last && last.href === href) last.nodes.push(node);
    else runs.push({ href, nodes: [node] });
  }
  const text = runs.map(({ href, nodes }) => writeRun(href, nodes, drawing)).join("");
  return text.replace(/ *\n */g, "\n").trim();
}

function linkOf(node: Inline): string | null {
  const mark = node.marks?.find((candidate) => candidate.type === "link");
  return mark?.type === "link" ? mark.attrs.href : null;
}

/** The blanks around a link's words stay outside, so that the number stands at the last word. */
function writeRun(href: string | null, nodes: readonly Inline[], drawing: TextDrawing): string {
  const words = nodes.map((node) => writeInline(node, drawing)).join("");
  if (href === null) return words;
  const shown = words.trim();
  if (!shown) return words;
  const url = absoluteUrl(href, drawing.context.issue);
  if ([url, href, href.replace(/^mailto:/i, ""), url.replace(/^https?:\/\//i, "")].includes(shown)) {
    return words.replace(shown, () => url.replace(/^mailto:/i, ""));
  }
  return words.replace(shown, () => `${shown} [${linkNumber(href, drawing)}]`);
}

function writeInline(node: Inline, drawing: TextDrawing): string {
  switch (node.type) {
    case "text":
      return node.text.replace(/\s+/g, " ");
    case "hardBreak":
      return "\n";
    case "mathInline":
      return node.attrs.tex;
    case "variable":
      return variableWords(node.attrs.name, drawing.context.issue.publication);
    case "mention":
      if (!node.attrs.url || linkOf(node) !== null) return node.attrs.name;
      return `${node.attrs.name} [${linkNumber(node.attrs.url, drawing)}]`;
    case "footnote":
      return footnoteReference(node.attrs.content, drawing);
    default:
      return unknownNode(node);
  }
}

/** The note takes its number before its words are written, as they may hold links. */
function footnoteReference(content: readonly Inline[], drawing: TextDrawing): string {
  const place = drawing.notes.push("") - 1;
  drawing.notes[place] = writeInlines(content, drawing);
  return ` (note ${place + 1})`;
}
