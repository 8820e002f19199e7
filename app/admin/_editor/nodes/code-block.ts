import { CodeBlock } from "@tiptap/extension-code-block";
import type { Node as DocumentNode } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { languageLabel, markedLineNumbers } from "@/lib/issues/document/format";
import { carriedRule, carry, documentAttributes } from "./carried";

export const codeBlock = CodeBlock.extend({
  addAttributes: () => documentAttributes({ language: null, fileName: null, markedLines: null }),
  parseHTML: () => [
    carriedRule("codeBlock", {
      preserveWhitespace: "full",
      contentElement: (element) => element.querySelector("code") ?? element,
    }),
    { tag: "pre", preserveWhitespace: "full", getAttrs: (element) => ({ language: languageOf(element) }) },
  ],
  renderHTML({ node }) {
    const { fileName, language } = node.attrs;
    return [
      "figure",
      { class: "issue-code", ...carry("codeBlock", node.attrs) },
      [
        "figcaption",
        { class: "issue-code-bar", contenteditable: "false" },
        ["span", { class: "issue-code-file" }, fileName ?? ""],
        ["span", { class: "issue-code-language" }, languageLabel(language) ?? "Plain text"],
      ],
      ["div", { class: "issue-code-scroll" }, ["pre", ["code", { spellcheck: "false" }, 0]]],
    ];
  },
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: { decorations: ({ doc }) => DecorationSet.create(doc, markedLines(doc)) },
      }),
    ];
  },
});

function languageOf(element: HTMLElement): string | null {
  const named = [element, ...element.querySelectorAll("code")]
    .flatMap((each) => [...each.classList])
    .map((name) => /^(?:language|lang|highlight-source)-(.+)$/.exec(name)?.[1])
    .find(Boolean);
  return named?.slice(0, 40) ?? null;
}

function markedLines(document: DocumentNode): Decoration[] {
  const decorations: Decoration[] = [];
  document.descendants((node, position) => {
    if (node.type.name !== "codeBlock") return !node.isTextblock;
    const lines = node.textContent.split("\n");
    const marked = markedLineNumbers(node.attrs.markedLines, lines.length);
    let start = position + 1;
    for (const [index, line] of lines.entries()) {
      if (marked.has(index + 1) && line !== "")
        decorations.push(Decoration.inline(start, start + line.length, { class: "issue-code-marked" }));
      start += line.length + 1;
    }
    return false;
  });
  return decorations;
}
