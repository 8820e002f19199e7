import { InputRule, Node, type NodeViewRenderer } from "@tiptap/core";
import { carriedRule, carry, documentAttributes } from "./carried";
import { attributeProblems } from "./checked";
import { drawFormula } from "./draw-formula";

function formulaView(display: boolean): NodeViewRenderer {
  return ({ node }) => {
    const dom = document.createElement(display ? "div" : "span");
    dom.className = display ? "issue-math-block" : "issue-math";
    let tex = "";
    const draw = (next: string) => {
      if (next === tex) return;
      tex = next;
      void drawFormula(dom, tex, display);
    };
    draw(node.attrs.tex);
    return {
      dom,
      ignoreMutation: () => true,
      update: (next) => {
        if (next.type !== node.type) return false;
        draw(next.attrs.tex);
        return true;
      },
    };
  };
}

/** Pages set by KaTeX, MathJax or Temml carry the TeX beside what they draw. */
function readTex(type: "mathInline" | "mathBlock", element: HTMLElement) {
  const source = element.querySelector('annotation[encoding="application/x-tex"]')?.textContent?.trim() ?? "";
  const attrs = { tex: source };
  return source !== "" && Object.keys(attributeProblems(type, attrs)).length === 0 ? attrs : false;
}

const mathInline = Node.create({
  name: "mathInline",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => documentAttributes({ tex: "x" }),
  parseHTML: () => [
    carriedRule("mathInline"),
    ...[".katex", "mjx-container", "math"].map((tag) => ({
      tag,
      getAttrs: (element: HTMLElement) => readTex("mathInline", element),
    })),
  ],
  renderHTML: ({ node }) => ["span", carry("mathInline", node.attrs), `$${node.attrs.tex}$`],
  renderText: ({ node }) => `$${node.attrs.tex}$`,
  addNodeView: () => formulaView(false),
  addInputRules() {
    return [
      new InputRule({
        find: /(?<=^|[\s(\u{2014}"“])\$([^$\s](?:[^$]*[^$\s])?)\$$/u,
        handler: ({ state, range, match }) => {
          const tex = match[1] ?? "";
          if (tex.length > 2_000) return null;
          state.tr.replaceWith(range.from, range.to, this.type.create({ tex }));
        },
      }),
    ];
  },
});

const mathBlock = Node.create({
  name: "mathBlock",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => documentAttributes({ tex: "x" }),
  parseHTML: () => [
    carriedRule("mathBlock"),
    ...[".katex-display", 'mjx-container[display="true"]', 'math[display="block"]'].map((tag) => ({
      tag,
      priority: 60,
      getAttrs: (element: HTMLElement) => readTex("mathBlock", element),
    })),
  ],
  renderHTML: ({ node }) => ["div", carry("mathBlock", node.attrs), `$$${node.attrs.tex}$$`],
  renderText: ({ node }) => `$$${node.attrs.tex}$$`,
  addNodeView: () => formulaView(true),
});

export const math = [mathInline, mathBlock];
