import { DomainError } from "@/lib/errors";
import { renderMarkdown } from "../document/render-markdown";
import { type Document, parseDocument } from "../document/schema";
import { nodesOf } from "../document/traverse";
import { SNIPPET_LIMITS } from "./schema";

/**
 * What the editor holds as a snippet's text. Pure. Throws INVALID for what only an issue can hold: a paywall would cut
 * each issue that shows the snippet, and another snippet would not be drawn (renderers go one level deep).
 */
export function snippetDocument(body: unknown): Document {
  const parsed = parseDocument(body);
  if (!parsed.ok)
    throw refused(`A part of the text cannot be saved: ${parsed.problems[0]?.message ?? "unknown form"}.`);
  const document = { ...parsed.document, content: trimmed(parsed.document.content) };
  const types = new Set(Array.from(nodesOf(document), (node) => node.type));
  if (types.has("paywall"))
    throw refused("A snippet cannot hold a paywall: put the paywall into the issue itself.");
  if (types.has("snippet"))
    throw refused("A snippet cannot hold another snippet: write its text here, or name both in the issue.");
  if (document.content.length === 0) throw refused("Write something first: the snippet is empty.");
  const excess = renderMarkdown(document).length - SNIPPET_LIMITS.markdown;
  if (excess > 0)
    throw refused(
      `A snippet is short: at most ${SNIPPET_LIMITS.markdown.toLocaleString("en")} characters of Markdown. This one has ${excess.toLocaleString("en")} too many.`,
    );
  return document;
}

/** Without the empty lines at both ends that writing leaves: in an issue they would be a gap. */
function trimmed(content: Document["content"]): Document["content"] {
  const says = (node: Document["content"][number]) =>
    node.type !== "paragraph" || Boolean(node.content?.length);
  const first = content.findIndex(says);
  return first < 0 ? [] : content.slice(first, content.findLastIndex(says) + 1);
}

function refused(message: string): DomainError {
  return new DomainError("INVALID", message, { fields: { body: message } });
}
