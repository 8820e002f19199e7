import { Node } from "@tiptap/core";
import { carriedRule, carry, documentAttributes } from "./carried";
import { attributeProblems } from "./checked";

/** A picture with its caption. One without a description is marked, since somebody will hear it instead of seeing it. */
export const figure = Node.create({
  name: "figure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,
  addAttributes: () => documentAttributes({ src: "", alt: "", width: null, height: null }),
  parseHTML: () => [
    carriedRule("figure", { contentElement: captionOf }),
    {
      tag: "figure",
      contentElement: captionOf,
      getAttrs: (element) => {
        const pictures = element.querySelectorAll("img");
        return pictures.length === 1 && pictures[0] ? readPicture(pictures[0]) : false;
      },
    },
    { tag: "img", getAttrs: (element) => readPicture(element as HTMLImageElement) },
  ],
  renderHTML({ node }) {
    const { src, alt, width, height } = node.attrs;
    return [
      "figure",
      { class: "issue-figure", ...carry("figure", node.attrs) },
      [
        "div",
        { contenteditable: "false", class: "editor-picture" },
        ["img", { src, alt, draggable: "false", ...(width && { width }), ...(height && { height }) }],
        ...(alt ? [] : [["span", { class: "editor-flag" }, "No description"] as const]),
      ],
      ["figcaption", 0],
    ];
  },
});

function captionOf(element: HTMLElement): HTMLElement {
  return element.querySelector("figcaption") ?? element.ownerDocument.createElement("figcaption");
}

/** A remote picture stays where it is, over https; one that has no address a reader could open is left out. */
function readPicture(picture: HTMLImageElement) {
  const src = picture.getAttribute("src") ?? "";
  const whole = src.startsWith("//") ? `https:${src}` : src;
  const size = (name: "width" | "height") => {
    const value = Number(picture.getAttribute(name));
    return Number.isInteger(value) && value > 0 && value <= 20_000 ? value : null;
  };
  const attrs = {
    src: whole,
    alt: (picture.getAttribute("alt") ?? "").replace(/\s+/g, " ").trim().slice(0, 1_000),
    width: size("width"),
    height: size("height"),
  };
  return Object.keys(attributeProblems("figure", attrs)).length === 0 ? attrs : false;
}
