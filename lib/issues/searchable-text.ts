import { shorten, wordsOf } from "./document/reading";
import type { Document } from "./document/schema";
import { documentFor } from "./document/teaser";
import { nodesOf } from "./document/traverse";

const LIMIT = 20_000;

/** Words of the free part for the public search: nothing from behind the paywall, nothing of a closed issue. */
export function searchableText(document: Document, audience: "EVERYONE" | "MEMBERS"): string {
  const free = documentFor(document, { audience, canReadWhole: false }).document;
  const parts: string[] = [];
  for (const node of nodesOf(free)) {
    if (node.type === "paragraph" || node.type === "heading") parts.push(wordsOf(node.content));
    if (node.type === "pick" || node.type === "linkCard") parts.push(node.attrs.title);
  }
  return shorten(parts.filter(Boolean).join("\n"), LIMIT);
}
