import type { PhrasingContent, RootContent } from "mdast";
import { CALLOUT_KINDS } from "../../schema";
import { containedBlocks, gatherBlocks, type TopBlock } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, plainWords, webTarget } from "../inlines";
import { blocksOf, contentOf } from "./blocks";
import { tableDirective } from "./directive-table";
import { pictureSource } from "./figure";
import { picksBlocks } from "./picks-directive";
import { lineOf, type Reading, roomFor } from "./reading";
import { inlinesFrom, inlinesOf, piecesOf, plainParagraphs } from "./words";

export type BlockDirective = Extract<RootContent, { type: "containerDirective" | "leafDirective" }>;

/** A directive taken apart: the words in its brackets, its attributes, and the blocks that it holds. */
export type DirectiveParts = {
  node: BlockDirective;
  label: PhrasingContent[];
  held: RootContent[];
  attribute: (name: string, limit?: number) => string | null;
};

function partsOf(node: BlockDirective): DirectiveParts {
  const attribute = (name: string, limit?: number) => attributeLine(node.attributes?.[name], limit);
  if (node.type === "leafDirective") return { node, label: node.children, held: [], attribute };
  const [first, ...rest] = node.children;
  if (first?.type === "paragraph" && first.data?.directiveLabel)
    return { node, label: first.children, held: rest, attribute };
  return { node, label: [], held: node.children, attribute };
}

/** Reads `::name` and `:::name … :::`. One that is unknown or lacks something gives its words and a note. */
export function directiveBlocks(node: BlockDirective, reading: Reading): TopBlock[] {
  const parts = partsOf(node);
  const kind = CALLOUT_KINDS.find((name) => name === node.name);
  if (kind) return calloutBlocks(kind, parts, reading);
  const read = Object.hasOwn(READERS, node.name) ? READERS[node.name] : undefined;
  if (!read)
    return wordsOf(parts, reading, `"${shortly(node.name)}" is no block of an issue; its text was kept.`);
  return read(parts, reading);
}

/** What a directive says, without being one. */
export function wordsOf(parts: DirectiveParts, reading: Reading, why: string): TopBlock[] {
  reading.notes.add(why, lineOf(parts.node));
  const title = parts.attribute("title") ?? parts.attribute("name");
  const heads = gatherBlocks([
    ...(title ? [{ type: "text" as const, text: `${title} ` }] : []),
    ...piecesOf(parts.label, reading),
  ]);
  return [...heads, ...blocksOf(parts.held, reading)];
}

function labelOf(parts: DirectiveParts, reading: Reading): string | null {
  return attributeLine(plainWords(inlinesOf(parts.label, reading)));
}

function calloutBlocks(
  kind: (typeof CALLOUT_KINDS)[number],
  parts: DirectiveParts,
  reading: Reading,
): TopBlock[] {
  const deeper = roomFor(1, parts.node, reading);
  if (!deeper) return blocksOf(parts.held, reading);
  const title = labelOf(parts, reading);
  return containedBlocks(contentOf(parts.held, deeper), (content) => ({
    type: "callout",
    attrs: { kind, title },
    content,
  }));
}

/** The held blocks as the plain text of an attribute. */
function heldText(parts: DirectiveParts, reading: Reading): string | null {
  const pieces = parts.held.flatMap((child) => {
    if (child.type === "paragraph") return gatherBlocks(piecesOf(child.children, reading));
    reading.notes.add(
      "A card holds plain paragraphs; the form of what else it held was left out.",
      lineOf(child),
    );
    return blocksOf([child], reading);
  });
  return plainParagraphs(pieces);
}

type Reader = (parts: DirectiveParts, reading: Reading) => TopBlock[];

const readPreviousIssue: Reader = (parts, reading) => {
  const written = parts.attribute("number");
  const number = written && /^[1-9]\d{0,6}$/.test(written) ? Number(written) : null;
  if (written && number === null)
    reading.notes.add(`A previous issue's number was left out: ${shortly(written)}`, lineOf(parts.node));
  const attrs = { number, title: parts.attribute("title"), excerpt: heldText(parts, reading) };
  return [{ type: "previousIssue", attrs }];
};

const readLinkCard: Reader = (parts, reading) => {
  const url = webTarget(parts.attribute("url", 2_000));
  if (!url) return wordsOf(parts, reading, "A link card without a whole link was kept as text.");
  const attrs = {
    url,
    title: parts.attribute("title") ?? new URL(url).hostname,
    description: heldText(parts, reading),
    siteName: parts.attribute("site"),
    author: parts.attribute("author"),
  };
  return [{ type: "linkCard", attrs }];
};

const readSocialPost: Reader = (parts, reading) => {
  const url = webTarget(parts.attribute("url", 2_000));
  const authorName = parts.attribute("author");
  const text = url && authorName ? heldText(parts, reading) : null;
  if (!url || !authorName || !text)
    return wordsOf(parts, reading, "A social post without a link, an author or words was kept as text.");
  const attrs = {
    url,
    authorName,
    handle: parts.attribute("handle"),
    text,
    date: parts.attribute("date"),
  };
  return [{ type: "socialPost", attrs }];
};

const readVideo: Reader = (parts, reading) => {
  const url = webTarget(parts.attribute("url", 2_000));
  if (!url) return wordsOf(parts, reading, "A video without a whole link was kept as text.");
  const attrs = {
    url,
    title: parts.attribute("title"),
    channel: parts.attribute("channel"),
    duration: parts.attribute("duration"),
  };
  return [{ type: "videoCard", attrs }];
};

const readSnippet: Reader = (parts, reading) => {
  const name = parts.attribute("name") ?? "";
  if (/^[a-z0-9][a-z0-9-]{0,59}$/.test(name)) return [{ type: "snippet", attrs: { name } }];
  return wordsOf(
    parts,
    reading,
    `A snippet's name has lower-case letters, digits and hyphens, not "${shortly(name)}".`,
  );
};

function sizeOf(parts: DirectiveParts, name: "width" | "height", reading: Reading): number | null {
  const written = parts.attribute(name);
  if (written === null) return null;
  if (/^[1-9]\d{0,4}$/.test(written) && Number(written) <= 20_000) return Number(written);
  reading.notes.add(`A picture's ${name} was left out: ${shortly(written)}`, lineOf(parts.node));
  return null;
}

const readFigure: Reader = (parts, reading) => {
  const [first, ...rest] = parts.held;
  const image = first?.type === "paragraph" ? first.children[0] : undefined;
  const src = image?.type === "image" ? pictureSource(image.url, reading.pictures) : null;
  if (image?.type !== "image" || !src)
    return wordsOf(parts, reading, "A figure without a picture that can be shown was kept as text.");
  const captions = rest.filter((child) => child.type === "paragraph");
  const caption = captions.flatMap((child, index) => [
    ...(index > 0 ? [{ type: "hardBreak" as const }] : []),
    ...piecesOf(child.children, reading),
  ]);
  const content = inlinesFrom(caption, reading);
  const attrs = {
    src,
    alt: attributeLine(image.alt) ?? "",
    width: sizeOf(parts, "width", reading),
    height: sizeOf(parts, "height", reading),
  };
  const others = rest.filter((child) => child.type !== "paragraph");
  const figure: TopBlock =
    content.length > 0 ? { type: "figure", attrs, content } : { type: "figure", attrs };
  return [figure, ...blocksOf(others, reading)];
};

const READERS: Readonly<Record<string, Reader | undefined>> = {
  paywall: (parts, reading) => [{ type: "paywall" }, ...blocksOf(parts.held, reading)],
  subscribe: (parts, reading) => [{ type: "subscribeBox", attrs: { caption: labelOf(parts, reading) } }],
  upgrade: (parts, reading) => [{ type: "upgradeButton", attrs: { label: labelOf(parts, reading) } }],
  picks: (parts, reading) => picksBlocks(parts, reading),
  "previous-issue": readPreviousIssue,
  "link-card": readLinkCard,
  "social-post": readSocialPost,
  video: readVideo,
  snippet: readSnippet,
  figure: readFigure,
  table: (parts, reading) => tableDirective(parts, reading),
};
