import type { Document } from "./schema";
import { type DocumentNode, nodesOf } from "./traverse";

export type DocumentLink = { url: string; words: string };

/** Every link with the words it stands on, in reading order, as often as it occurs. */
export function listLinks(document: Document): DocumentLink[] {
  const links: DocumentLink[] = [];
  let open: DocumentLink | undefined;
  for (const node of nodesOf(document)) {
    const href = hrefOf(node);
    if (href === null) {
      const own = cardLink(node);
      if (own) links.push(own);
      open = undefined;
      continue;
    }
    const words = node.type === "text" ? node.text : "";
    if (open?.url === href) open.words += words;
    else {
      open = { url: href, words };
      links.push(open);
    }
  }
  return links;
}

function hrefOf(node: DocumentNode): string | null {
  if (!("marks" in node)) return null;
  const mark = node.marks?.find((candidate) => candidate.type === "link");
  return mark?.type === "link" ? mark.attrs.href : null;
}

function cardLink(node: DocumentNode): DocumentLink | null {
  switch (node.type) {
    case "pick":
    case "linkCard":
      return { url: node.attrs.url, words: node.attrs.title };
    case "videoCard":
      return { url: node.attrs.url, words: node.attrs.title ?? "" };
    case "socialPost":
      return { url: node.attrs.url, words: node.attrs.authorName };
    case "mention":
      return node.attrs.url ? { url: node.attrs.url, words: node.attrs.name } : null;
    default:
      return null;
  }
}
