import type { Mark } from "../../schema";
import type { ImportNotes } from "../import-notes";
import { type ChildNode, type Element, findAll, findByClass, hasClass } from "./dom";

/** One pass over one post: what was found beforehand, and where we are. */
export type Reading = {
  notes: ImportNotes;
  seriesName: string | null;
  /** Footnotes by their fragment, as in `footnote-1`. */
  footnotes: ReadonlyMap<string, Element>;
  /** Fragments that something in the text points to. */
  referenced: ReadonlySet<string>;
  depth: number;
  inFootnote: boolean;
  marks: readonly Mark[];
};

/** Documents nest 24 levels; what would not fit with its own words and marks is read without its container. */
const DEEPEST = 18;

export function createReading(
  nodes: readonly ChildNode[],
  notes: ImportNotes,
  seriesName: string | null,
): Reading {
  const footnotes = new Map<string, Element>();
  for (const element of findAll(nodes, (candidate) => hasClass(candidate, "footnote"))) {
    const id = findByClass(element, "footnote-number")?.attribs.id ?? element.attribs.id;
    if (id && !footnotes.has(id)) footnotes.set(id, element);
  }
  const anchors = findAll(nodes, (candidate) => hasClass(candidate, "footnote-anchor"));
  const referenced = new Set(anchors.map(footnoteTarget));
  return { notes, seriesName, footnotes, referenced, depth: 0, inFootnote: false, marks: [] };
}

/** The footnote that an anchor points to, as `footnote-1`. */
export function footnoteTarget(anchor: Element): string {
  return (anchor.attribs.href ?? "").replace(/^.*#/, "");
}

/** Goes `levels` deeper for a container, or says null where the document would become too deep. */
export function roomFor(levels: number, reading: Reading): Reading | null {
  if (reading.depth + levels <= DEEPEST) return { ...reading, depth: reading.depth + levels };
  reading.notes.add("Something nested too deeply was kept without its surroundings.");
  return null;
}
