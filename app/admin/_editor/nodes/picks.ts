import { Node } from "@tiptap/core";
import { carriedRule, carry, documentAttributes } from "./carried";

const picksList = Node.create({
  name: "picks",
  group: "block",
  content: "(pick | paywall)+",
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: '[data-block="picks"]', priority: 100 }],
  renderHTML: () => ["div", { class: "issue-picks", "data-block": "picks" }, 0],
});

/** A recommended piece. Its title and address are changed in its form; the summary is written in place. */
const pick = Node.create({
  name: "pick",
  content: "inline*",
  defining: true,
  isolating: true,
  draggable: true,
  addAttributes: () => documentAttributes({ url: "", title: "", author: null }),
  parseHTML: () => [
    carriedRule("pick", {
      contentElement: (element) => element.querySelector<HTMLElement>(".editor-summary") ?? element,
    }),
  ],
  renderHTML({ node }) {
    const { url, title, author } = node.attrs;
    return [
      "div",
      { class: "editor-pick", ...carry("pick", node.attrs) },
      [
        "p",
        { class: "issue-pick-title", contenteditable: "false" },
        ["span", { class: "editor-link", title: url }, title],
        ["span", { class: "issue-pick-author" }, author ? ` by ${author}` : ""],
      ],
      ["p", { class: "editor-summary" }, 0],
    ];
  },
});

export const picks = [picksList, pick];
