import type { Definition, FootnoteDefinition, Nodes, Root, RootContent } from "mdast";
import type { ImportNotes } from "../import-notes";

/** One pass over one Markdown file: what was collected beforehand, and what was met so far. */
export type Reading = {
  source: string;
  notes: ImportNotes;
  pictures: ReadonlyMap<string, string>;
  definitions: ReadonlyMap<string, Definition>;
  footnotes: ReadonlyMap<string, FootnoteDefinition>;
  usedFootnotes: Set<string>;
  /** Levels of nodes between the document and this place; see `roomFor`. */
  depth: number;
  inFootnote: boolean;
};

/** Documents nest 24 levels; what would not fit with its own words and marks is read without its container. */
const DEEPEST = 18;

export function createReading(
  source: string,
  root: Root,
  notes: ImportNotes,
  pictures: ReadonlyMap<string, string>,
): Reading {
  const definitions = new Map<string, Definition>();
  const footnotes = new Map<string, FootnoteDefinition>();
  collect(root.children, definitions, footnotes);
  return {
    source,
    notes,
    pictures,
    definitions,
    footnotes,
    usedFootnotes: new Set(),
    depth: 0,
    inFootnote: false,
  };
}

function collect(
  nodes: readonly RootContent[],
  definitions: Map<string, Definition>,
  footnotes: Map<string, FootnoteDefinition>,
): void {
  for (const node of nodes) {
    if (node.type === "definition" && !definitions.has(node.identifier))
      definitions.set(node.identifier, node);
    if (node.type === "footnoteDefinition" && !footnotes.has(node.identifier))
      footnotes.set(node.identifier, node);
    if ("children" in node) collect(node.children, definitions, footnotes);
  }
}

/** Goes `levels` deeper for a container, or says null where the document would become too deep. */
export function roomFor(levels: number, node: Nodes, reading: Reading): Reading | null {
  if (reading.depth + levels <= DEEPEST) return { ...reading, depth: reading.depth + levels };
  reading.notes.add("Something nested too deeply was kept without its surroundings.", lineOf(node));
  return null;
}

export function lineOf(node: Nodes): number | null {
  return node.position?.start.line ?? null;
}

/** The characters that a node was made of. */
export function sourceOf(node: Nodes, reading: Reading): string {
  const { start, end } = node.position ?? {};
  if (start?.offset === undefined || end?.offset === undefined) return "";
  return reading.source.slice(start.offset, end.offset);
}
