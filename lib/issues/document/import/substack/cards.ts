import type { Block } from "../../schema";
import { BOUNDARY, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, webTarget } from "../inlines";
import { type DataAttributes, dataAttributes, lineIn, recordsIn } from "./data-attrs";
import { type Element, findByClass, findByTag, findFirst, textOf } from "./dom";
import type { Reading } from "./reading";
import { numberInTitle } from "./series";
import { piecesOf } from "./walk";

type LinkCard = Extract<Block, { type: "linkCard" }>;

function cardOf(url: string, attributes: DataAttributes, title: string | null): LinkCard {
  const [byline] = [...recordsIn(attributes, "bylines"), ...recordsIn(attributes, "publishedBylines")];
  return {
    type: "linkCard",
    attrs: {
      url,
      title: title ?? new URL(url).hostname,
      description: lineIn(
        attributes,
        ["truncated_body_text", "caption", "description", "hero_text", "subtitle"],
        5_000,
      ),
      siteName: lineIn(attributes, ["publication_name"]),
      author: lineIn(byline ?? {}, ["name"]) ?? lineIn(attributes, ["author_name", "author"]),
    },
  };
}

/** An element that cannot be made a card gives its words, and a note that says what it was. */
function asWords(element: Element, reading: Reading, what: string): Piece[] {
  reading.notes.add(`${what} was kept as text.`);
  return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
}

export function embeddedPostPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const anchor = findByTag(element, "a");
  const url = webTarget(attributes.url) ?? webTarget(anchor?.attribs.href);
  const title =
    lineIn(attributes, ["title"]) ??
    attributeLine(
      findByClass(element, "embedded-post-title")
        ? textOf(findByClass(element, "embedded-post-title")?.children ?? [])
        : null,
    );
  return url
    ? [cardOf(url, attributes, title)]
    : asWords(element, reading, "An embedded post without a link");
}

/** The card of an earlier post: an issue of the series by its number, any other post as a link. */
export function digestPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const title = lineIn(attributes, ["title"]);
  const number = title ? numberInTitle(title, reading.seriesName) : null;
  if (number !== null)
    return [
      { type: "previousIssue", attrs: { number, title, excerpt: lineIn(attributes, ["caption"], 5_000) } },
    ];
  const url = webTarget(attributes.canonical_url) ?? webTarget(attributes.url);
  return url
    ? [cardOf(url, attributes, title)]
    : asWords(element, reading, "A card of an earlier post without a link");
}

export function filePieces(element: Element, reading: Reading): Piece[] {
  const url = webTarget(
    findFirst(element.children, ({ name, attribs }) => name === "a" && Boolean(attribs.href))?.attribs.href,
  );
  const line = (name: string) => {
    const found = findByClass(element, name);
    return found ? attributeLine(textOf(found.children)) : null;
  };
  if (!url) return asWords(element, reading, "A file without a link");
  reading.notes.add(`A file still lies at Substack: ${shortly(url, 120)}`);
  const attrs = {
    url,
    title: line("file-embed-details-h1") ?? "File",
    description: line("file-embed-details-h2"),
    siteName: null,
    author: null,
  };
  return [{ type: "linkCard", attrs }];
}

export function instagramPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const id = lineIn(attributes, ["instagram_id"], 100);
  const anchor = findFirst(
    element.children,
    ({ name, attribs }) => name === "a" && /instagram\.com\/p\//.test(attribs.href ?? ""),
  );
  const url =
    id && /^[\w-]+$/.test(id) ? `https://www.instagram.com/p/${id}/` : webTarget(anchor?.attribs.href);
  if (!url) return asWords(element, reading, "An Instagram post without a link");
  const title = lineIn(attributes, ["title"]) ?? "Instagram";
  const attrs = {
    url,
    title,
    description: null,
    siteName: "Instagram",
    author: lineIn(attributes, ["author_name"]),
  };
  return [{ type: "linkCard", attrs }];
}

/** Any other embed: a link card where it names a page, else its words. */
export function genericCardPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const anchor = findByTag(element, "a");
  const frame = findByTag(element, "iframe");
  const url = webTarget(attributes.url) ?? webTarget(attributes.base_url) ?? webTarget(frame?.attribs.src);
  const title =
    lineIn(attributes, ["title", "name"]) ?? attributeLine(anchor ? textOf(anchor.children) : null);
  const hasWords = textOf(element.children).trim() !== "";
  if (url && (title || !hasWords)) {
    reading.notes.add(`An embed that issues do not have became a link card: ${shortly(title ?? url)}`);
    return [cardOf(url, attributes, title)];
  }
  if (!hasWords && !findByTag(element, "img")) {
    reading.notes.add(
      `An embed without words was left out: ${shortly(element.attribs.class ?? element.name)}`,
    );
    return [];
  }
  return [BOUNDARY, ...piecesOf(element.children, reading), BOUNDARY];
}
