import type { Attribute } from "@tiptap/core";
import type { TagParseRule } from "@tiptap/pm/model";
import { type Attributes, attributeProblems } from "./checked";

/**
 * How our own nodes travel through the clipboard: their attributes ride as JSON on the element that is drawn. The
 * clipboard may come from anywhere, so what comes back is checked before it becomes a node.
 */
export function carry(type: string, attrs: Attributes): { "data-block": string; "data-attributes": string } {
  return { "data-block": type, "data-attributes": JSON.stringify(attrs) };
}

export function carriedRule(type: string, more: Partial<TagParseRule> = {}): TagParseRule {
  return {
    tag: `[data-block="${type}"]`,
    priority: 100,
    getAttrs: (element) => readCarried(type, element),
    ...more,
  };
}

function readCarried(type: string, element: HTMLElement): Attributes | false {
  try {
    const attrs: unknown = JSON.parse(element.getAttribute("data-attributes") ?? "");
    if (typeof attrs !== "object" || attrs === null) return false;
    return Object.keys(attributeProblems(type, attrs as Attributes)).length === 0
      ? (attrs as Attributes)
      : false;
  } catch {
    // Not ours, or no longer whole: its words are read like any other page's.
    return false;
  }
}

/** Attributes that live in the document alone: never read from, or written to, an element one by one. */
export function documentAttributes(defaults: Attributes): Record<string, Partial<Attribute>> {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { default: value, rendered: false, parseHTML: () => null },
    ]),
  );
}
