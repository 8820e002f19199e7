import { Node, wrappingInputRule } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { carriedRule, carry, documentAttributes } from "./carried";

const heading = Heading.extend({
  addAttributes() {
    return { level: { default: 2, rendered: false, parseHTML: () => null } };
  },
  parseHTML() {
    // A web page's first level is this second: the title is the issue's own.
    const levels: Record<string, number> = { h1: 2, h2: 2, h3: 3, h4: 4, h5: 4, h6: 4 };
    return Object.entries(levels).map(([tag, level]) => ({ tag, attrs: { level } }));
  },
}).configure({ levels: [2, 3, 4] });

const orderedList = OrderedList.extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => {
          const start = Number(element.getAttribute("start") ?? 1);
          return Number.isInteger(start) && start >= 0 && start < 1_000_000 ? start : 1;
        },
      },
    };
  },
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d{1,6})[.)]\s$/,
        type: this.type,
        getAttributes: (match) => ({ start: Number(match[1]) }),
        joinPredicate: (match, node) => node.childCount + Number(node.attrs.start) === Number(match[1]),
      }),
    ];
  },
});

const CALLOUT_NAMES: Readonly<Record<string, string>> = { note: "Note", tip: "Tip", warning: "Warning" };

const callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => documentAttributes({ kind: "note", title: null }),
  parseHTML: () => [
    carriedRule("callout", { contentElement: (element) => element.querySelector("div") ?? element }),
  ],
  renderHTML({ node }) {
    const { kind, title } = node.attrs;
    return [
      "aside",
      { class: `issue-callout issue-callout-${kind}`, ...carry("callout", node.attrs) },
      ["p", { class: "issue-callout-title", contenteditable: "false" }, title ?? CALLOUT_NAMES[kind] ?? ""],
      ["div", 0],
    ];
  },
});

export const textBlocks = [
  Document.extend({ content: "(block | paywall)+" }),
  Paragraph,
  Text,
  HardBreak,
  heading,
  Blockquote,
  BulletList,
  orderedList,
  ListItem.extend({ content: "block+" }),
  callout,
  HorizontalRule.extend({ name: "divider" }),
];
