import { type Document, parseDocument } from "@/lib/issues/document/schema";

export type Attributes = Readonly<Record<string, unknown>>;

const INLINE = new Set(["mathInline", "variable", "mention", "footnote", "hardBreak"]);
const HOLDS_BLOCKS = new Set(["callout", "blockquote"]);

/** What is wrong with a node's attributes, by attribute, as the document's own schema says it; empty when all is well. */
export function attributeProblems(type: string, attrs: Attributes): Readonly<Record<string, string>> {
  const { document, path } = placed(type, attrs);
  const parsed = parseDocument(document);
  if (parsed.ok) return {};
  return Object.fromEntries(
    parsed.problems.map((problem) => {
      const inside = problem.path.startsWith(`${path}.attrs.`) ? problem.path.slice(path.length + 7) : "";
      return [inside.split(".")[0] || "", problem.message];
    }),
  );
}

/** The smallest document that holds the node, and where it lies in it. */
function placed(type: string, attrs: Attributes): { document: unknown; path: string } {
  const node = { type, attrs, ...(HOLDS_BLOCKS.has(type) && { content: [{ type: "paragraph" }] }) };
  const inDocument = (content: unknown): { type: Document["type"]; content: unknown } => ({
    type: "doc",
    content: [content],
  });
  if (type === "pick")
    return { document: inDocument({ type: "picks", content: [node] }), path: "content.0.content.0" };
  if (INLINE.has(type))
    return { document: inDocument({ type: "paragraph", content: [node] }), path: "content.0.content.0" };
  return { document: inDocument(node), path: "content.0" };
}
