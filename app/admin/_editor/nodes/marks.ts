import { Mark } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { Strike } from "@tiptap/extension-strike";
import { isSafeUrl } from "@/lib/issues/document/schema";

const link = Link.extend({
  addAttributes() {
    return { href: { default: null } };
  },
}).configure({
  openOnClick: false,
  defaultProtocol: "https",
  HTMLAttributes: {},
  isAllowedUri: isSafeUrl,
});

function script(name: "superscript" | "subscript", tag: "sup" | "sub", key: string) {
  return Mark.create({
    name,
    parseHTML: () => [{ tag }],
    renderHTML: () => [tag, 0],
    addKeyboardShortcuts() {
      return { [key]: () => this.editor.commands.toggleMark(name) };
    },
  });
}

/** In the order in which they lie in one another, outermost first (MARKDOWN.md). Any of them may meet any other. */
export const marks = [
  link,
  Bold,
  Italic,
  Strike,
  script("superscript", "sup", "Mod-."),
  script("subscript", "sub", "Mod-,"),
  Code.extend({ excludes: "" }),
];
