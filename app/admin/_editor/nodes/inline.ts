import { Node } from "@tiptap/core";
import type { Inline, VariableName } from "@/lib/issues/document/schema";
import { carriedRule, carry, documentAttributes } from "./carried";
import type { Surroundings } from "./surroundings";

export const VARIABLE_NAMES: Readonly<Record<VariableName, string>> = {
  price: "Price",
  trialLength: "Length of the trial",
  subscriberCount: "Number of subscribers",
  publicationName: "Name of the publication",
};

export function variable(surroundings: Surroundings) {
  const said = (name: VariableName) => surroundings.variables[name] ?? VARIABLE_NAMES[name];
  return Node.create({
    name: "variable",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => documentAttributes({ name: "price" }),
    parseHTML: () => [carriedRule("variable")],
    renderHTML: ({ node }) => [
      "span",
      {
        class: "editor-variable",
        title: VARIABLE_NAMES[node.attrs.name as VariableName],
        ...carry("variable", node.attrs),
      },
      said(node.attrs.name),
    ],
    renderText: ({ node }) => said(node.attrs.name),
  });
}

export const mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => documentAttributes({ name: "", url: null }),
  parseHTML: () => [carriedRule("mention")],
  renderHTML: ({ node }) => [
    "span",
    {
      class: "issue-mention editor-mention",
      ...(node.attrs.url && { title: node.attrs.url }),
      ...carry("mention", node.attrs),
    },
    node.attrs.name,
  ],
  renderText: ({ node }) => node.attrs.name,
});

/** Stands in the text where its number does; the number itself is counted by the style sheet, in reading order. */
export const footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => documentAttributes({ content: [] }),
  parseHTML: () => [carriedRule("footnote")],
  renderHTML: ({ node }) => {
    const words = wordsOfNote(node.attrs.content);
    return [
      "sup",
      { class: "issue-note-ref editor-note", title: words, ...carry("footnote", node.attrs) },
      ["span", { class: "sr-only" }, ` Footnote: ${words} `],
    ];
  },
  renderText: ({ node }) => ` [${wordsOfNote(node.attrs.content)}]`,
});

function wordsOfNote(content: readonly Inline[]): string {
  return content
    .map((node) => {
      if (node.type === "text") return node.text;
      if (node.type === "mathInline") return node.attrs.tex;
      if (node.type === "mention" || node.type === "variable") return node.attrs.name;
      return " ";
    })
    .join("");
}
