import { Parser } from "htmlparser2";
import type { List, ListItem, RootContent, Table } from "mdast";
import type { Block, ListItem as DocumentListItem, TableCell, TableRow } from "../../schema";
import {
  BOUNDARY,
  containedBlocks,
  containedItems,
  gatherBlocks,
  type Piece,
  paragraphOf,
  type TopBlock,
} from "../flow";
import { marked, tidyInlines } from "../inlines";
import { codeBlockOf } from "./code";
import { directiveBlocks } from "./directives";
import { lineOf, type Reading, roomFor, sourceOf } from "./reading";
import { inlinesFrom, piecesOf } from "./words";

/** Reads blocks in their order. What Markdown keeps elsewhere (definitions, front matter) gives nothing here. */
export function blocksOf(nodes: readonly RootContent[], reading: Reading): TopBlock[] {
  return nodes.flatMap((node) => blocksOfNode(node, reading));
}

/** The content of a container; an empty one is read with one empty paragraph. */
export function contentOf(nodes: readonly RootContent[], reading: Reading): TopBlock[] {
  const blocks = blocksOf(nodes, reading);
  return blocks.length > 0 ? blocks : [paragraphOf([])];
}

function blocksOfNode(node: RootContent, reading: Reading): TopBlock[] {
  switch (node.type) {
    case "paragraph":
      return gatherBlocks(piecesOf(node.children, reading));
    case "heading":
      return headingBlocks(node, reading);
    case "blockquote": {
      const deeper = roomFor(1, node, reading);
      if (!deeper) return blocksOf(node.children, reading);
      return containedBlocks(contentOf(node.children, deeper), (content) => ({
        type: "blockquote",
        content,
      }));
    }
    case "list":
      return listBlocks(node, reading);
    case "listItem":
      return blocksOf(node.children, reading);
    case "code":
      return [codeBlockOf(node, reading)];
    case "math":
      return mathBlocks(node, reading);
    case "thematicBreak":
      return [{ type: "divider" }];
    case "table":
      return tableBlocks(node, reading);
    case "html":
      return htmlBlocks(node.value, lineOf(node), reading);
    case "containerDirective":
    case "leafDirective":
      return directiveBlocks(node, reading);
    case "definition":
    case "footnoteDefinition":
    case "yaml":
      return [];
    case "tableRow":
    case "tableCell":
      return gatherBlocks([{ type: "text", text: sourceOf(node, reading) || " " }]);
    default:
      return gatherBlocks(piecesOf([node], reading));
  }
}

function headingBlocks(node: Extract<RootContent, { type: "heading" }>, reading: Reading): TopBlock[] {
  const level = node.depth <= 2 ? 2 : node.depth === 3 ? 3 : 4;
  return gatherBlocks(piecesOf(node.children, reading), (content) => ({
    type: "heading",
    attrs: { level },
    content,
  }));
}

function mathBlocks(node: Extract<RootContent, { type: "math" }>, reading: Reading): TopBlock[] {
  const tex = node.value.trim();
  if (tex === "") return [];
  if (tex.length <= 10_000) return [{ type: "mathBlock", attrs: { tex } }];
  reading.notes.add("A formula of more than 10,000 characters was kept as code.", lineOf(node));
  return [
    {
      type: "codeBlock",
      attrs: { language: "latex", fileName: null, markedLines: null },
      content: [{ type: "text", text: tex }],
    },
  ];
}

function itemBlocks(item: ListItem, reading: Reading): TopBlock[] {
  const blocks = contentOf(item.children, reading);
  if (typeof item.checked !== "boolean") return blocks;
  const [first, ...rest] = blocks;
  const box = marked({ type: "text", text: item.checked ? "☑ " : "☐ " }, []);
  const begun =
    first?.type === "paragraph"
      ? [paragraphOf(tidyInlines([box, ...(first.content ?? [])])), ...rest]
      : blocks;
  return begun;
}

function listBlocks(node: List, reading: Reading): TopBlock[] {
  const deeper = roomFor(2, node, reading);
  if (!deeper) return blocksOf(node.children, reading);
  let start = node.ordered ? (node.start ?? 1) : 1;
  const items = node.children.map((item) => itemBlocks(item, deeper));
  return containedItems(items, (contents): Block => {
    const content = contents.map((blocks): DocumentListItem => ({ type: "listItem", content: blocks }));
    if (!node.ordered) return { type: "bulletList", content };
    const list: Block = { type: "orderedList", attrs: { start }, content };
    start += content.length;
    return list;
  });
}

function tableBlocks(node: Table, reading: Reading): TopBlock[] {
  const deeper = roomFor(3, node, reading);
  if (!deeper)
    return node.children.flatMap((row) =>
      row.children.flatMap((cell) => gatherBlocks(piecesOf(cell.children, reading))),
    );
  const columns = node.children[0]?.children.length ?? 0;
  const rows = node.children.map((row, index): TableRow => {
    const cells = row.children.map((cell, column): TableCell => {
      const words = inlinesFrom(piecesOf(cell.children, deeper), deeper);
      return {
        type: index === 0 ? "tableHeader" : "tableCell",
        attrs: { colspan: 1, rowspan: 1, align: node.align?.[column] ?? null },
        content: [paragraphOf(words)],
      };
    });
    while (cells.length < columns) cells.push(emptyCell(node.align?.[cells.length] ?? null));
    return { type: "tableRow", content: cells };
  });
  return [{ type: "table", content: rows }];
}

function emptyCell(align: TableCell["attrs"]["align"]): TableCell {
  return { type: "tableCell", attrs: { colspan: 1, rowspan: 1, align }, content: [paragraphOf([])] };
}

const WORDLESS_TAGS: ReadonlySet<string> = new Set(["script", "style", "template", "noscript", "iframe"]);
const INLINE_TAGS: ReadonlySet<string> = new Set([
  "a",
  "b",
  "i",
  "em",
  "strong",
  "span",
  "code",
  "sub",
  "sup",
  "u",
]);

/** The text of raw HTML, in paragraphs; no tag of it survives. */
function htmlBlocks(html: string, line: number | null, reading: Reading): TopBlock[] {
  const pieces: Piece[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentag: (name) => {
      if (WORDLESS_TAGS.has(name)) hidden += 1;
      if (!INLINE_TAGS.has(name)) pieces.push(BOUNDARY);
    },
    onclosetag: (name) => {
      if (WORDLESS_TAGS.has(name)) hidden = Math.max(0, hidden - 1);
      if (!INLINE_TAGS.has(name)) pieces.push(BOUNDARY);
    },
    ontext: (value) => {
      if (hidden === 0) pieces.push({ type: "text", text: value });
    },
  });
  parser.end(html);
  reading.notes.add("HTML tags were left out, and their text was kept.", line);
  return gatherBlocks(pieces);
}

/** Footnotes that nothing in the text points to, as paragraphs, so that their words are not lost. */
export function unreadFootnotes(reading: Reading): TopBlock[] {
  return Array.from(reading.footnotes.values()).flatMap((definition) => {
    if (reading.usedFootnotes.has(definition.identifier)) return [];
    const name = definition.label ?? definition.identifier;
    reading.notes.add(
      `Nothing points to the footnote "${name}"; it stands at the end now.`,
      lineOf(definition),
    );
    return gatherBlocks(blocksOf(definition.children, reading));
  });
}
