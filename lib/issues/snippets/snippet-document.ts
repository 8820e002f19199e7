import { DomainError } from "@/lib/errors";
import { documentFromMarkdown } from "../document/import/markdown";
import type { Document } from "../document/schema";
import { nodesOf } from "../document/traverse";

/**
 * A snippet's text as a document, with a note for whatever could not be kept as it was written. Pure. Throws INVALID for
 * what only an issue can hold: a paywall would cut each issue that shows the snippet, another snippet would not be drawn
 * (renderers go one level deep), and front matter belongs to an issue.
 */
export function snippetDocument(markdown: string): { document: Document; notes: string[] } {
  const { document, frontMatter, notes } = documentFromMarkdown(markdown);
  const types = new Set(Array.from(nodesOf(document), (node) => node.type));
  if (types.has("paywall"))
    throw refused("A snippet cannot hold a paywall: put the paywall into the issue itself.");
  if (types.has("snippet"))
    throw refused("A snippet cannot hold another snippet: write its text here, or name both in the issue.");
  if (Object.keys(frontMatter).length > 0)
    throw refused("A snippet has no front matter: begin with its text, without the lines between ---.");
  if (!holdsSomething(document)) throw refused("Write something first: the snippet is empty.");
  const said = notes.map((note) =>
    note.line === null ? note.message : `Line ${note.line}: ${note.message}`,
  );
  return { document, notes: said };
}

function holdsSomething(document: Document): boolean {
  return document.content.some((block) => block.type !== "paragraph" || Boolean(block.content?.length));
}

function refused(message: string): DomainError {
  return new DomainError("INVALID", message, { fields: { markdown: message } });
}
