import type { Document } from "../document/schema";
import { nodesOf } from "../document/traverse";

const MOST_SITES = 3;

/**
 * One sentence about the pictures that lie on other sites, or null when there are none. They are never fetched from
 * here: whoever keeps them may take them away, change them, and sees who reads. Pure.
 */
export function describeRemotePictures(document: Document): string | null {
  const addresses = new Set<string>();
  for (const node of nodesOf(document)) {
    if (node.type === "figure" && !node.attrs.src.startsWith("/media/")) addresses.add(node.attrs.src);
  }
  if (addresses.size === 0) return null;
  const sites = [...new Set(Array.from(addresses, (address) => new URL(address).hostname))];
  const named = sites.slice(0, MOST_SITES).join(", ");
  const others = sites.length > MOST_SITES ? ` and ${sites.length - MOST_SITES} more sites` : "";
  const [pictures, they, them] =
    addresses.size === 1
      ? ["A picture lies", "It shows", "it"]
      : [`${addresses.size} pictures lie`, "They show", "them"];
  return `${pictures} on another site (${named}${others}). ${they} only while that site allows it: save ${them} and upload ${them} here.`;
}
