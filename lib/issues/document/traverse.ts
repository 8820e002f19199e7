import type { Block, Document, Inline, ListItem, Paywall, Pick, TableCell, TableRow } from "./schema";

export type DocumentNode =
  | Document["content"][number]
  | Block
  | Inline
  | ListItem
  | TableRow
  | TableCell
  | Pick
  | Paywall;

/**
 * Every node below the document in reading order, each before what it holds; the words of a footnote follow the
 * footnote. Snippets are names here and are not opened.
 */
export function* nodesOf(document: Document): Generator<DocumentNode> {
  yield* walk(document.content);
}

function* walk(nodes: readonly DocumentNode[]): Generator<DocumentNode> {
  for (const node of nodes) {
    yield node;
    if (node.type === "footnote") yield* walk(node.attrs.content);
    else if ("content" in node && node.content) yield* walk(node.content);
  }
}

/** The source of a code block; empty for an empty block. */
export function sourceOf(block: Extract<Block, { type: "codeBlock" }>): string {
  return block.content?.map((node) => node.text).join("") ?? "";
}

/** Ends a `switch` over node types: TypeScript refuses to compile it while a type is missing above. */
export function unknownNode(node: never): never {
  throw new TypeError(`The document holds a node that no renderer knows: ${JSON.stringify(node)}`);
}
