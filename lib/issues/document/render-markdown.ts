/**
 * Writes an issue as Markdown in the syntax of `MARKDOWN.md`, which `import/markdown.ts` reads back. Pure, and
 * whole: variables, snippets and the paywall stay what they are. Whoever shows it to a reader passes the document
 * through `documentFor` first.
 */
import type { PhrasingContent, Root } from "mdast";
import remarkDirective from "remark-directive";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkStringify from "remark-stringify";
import { unified } from "unified";
import { blocksToMarkdown } from "./markdown/blocks";
import { inlinesToMarkdown } from "./markdown/inline";
import type { Document, Inline } from "./schema";

const writer = unified()
  .use(remarkStringify, {
    handlers: { inlineMath: writeFormula },
    bullet: "-",
    emphasis: "*",
    strong: "*",
    fences: true,
    rule: "_",
  })
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkDirective)
  .freeze();

/**
 * Dollar signs around a formula: more than it holds in a row, and two before a digit, where one would read as a price.
 */
function writeFormula(
  node: Extract<PhrasingContent, { type: "inlineMath" }>,
  _parent: unknown,
  _state: unknown,
  info: { after: string },
): string {
  const tex = node.value.replace(/\s+/g, " ").trim();
  const runs = tex.match(/\$+/g)?.map((run) => run.length) ?? [];
  let size = /^\d/.test(info.after) ? 2 : 1;
  while (runs.includes(size)) size += 1;
  const fence = "$".repeat(size);
  const blank = tex.startsWith("$") || tex.endsWith("$") ? " " : "";
  return `${fence}${blank}${tex}${blank}${fence}`;
}
writeFormula.peek = () => "$";

/** Ends with one line break; an empty document is an empty string. */
export function renderMarkdown(document: Document): string {
  const footnotes: Inline[][] = [];
  const root: Root = { type: "root", children: blocksToMarkdown(document.content, footnotes) };
  // A footnote's own words hold no footnotes, so the list does not grow while it is written.
  for (const [index, content] of footnotes.entries()) {
    const label = String(index + 1);
    const children = inlinesToMarkdown(content, { footnotes, oneLine: false });
    root.children.push({
      type: "footnoteDefinition",
      identifier: label,
      label,
      children: [{ type: "paragraph", children }],
    });
  }
  return writer.stringify(root);
}
