import type { Block } from "../../schema";
import { BOUNDARY, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, cleanText, webTarget } from "../inlines";
import { type DataAttributes, dataAttributes, lineIn, recordIn, recordsIn } from "./data-attrs";
import { type Element, parseHtml, textOf } from "./dom";
import type { Reading } from "./reading";
import { piecesOf } from "./walk";

/** Words of several lines: the networks' own `&amp;` read, blanks at line ends gone. */
function wordsIn(attributes: DataAttributes, keys: readonly string[]): string {
  const value = keys
    .map((key) => attributes[key])
    .find((found) => typeof found === "string" && found.trim() !== "");
  if (typeof value !== "string") return "";
  const decoded = value.includes("&") ? textOf(parseHtml(value.replaceAll("<", "&lt;"))) : value;
  return cleanText(decoded)
    .replace(/[ \t\r]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** A date in ISO 8601: a day as it is, a moment in UTC; null when unreadable. */
function isoDateIn(attributes: DataAttributes, keys: readonly string[]): string | null {
  const value = lineIn(attributes, keys);
  if (!value) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

type Post = {
  url: string | null;
  authorName: string | null;
  handle: string | null;
  text: string;
  date: string | null;
};

function postPieces(post: Post, element: Element, reading: Reading): Piece[] {
  const { url, handle, date } = post;
  const text = post.text.slice(0, 5_000).toWellFormed();
  const authorName = post.authorName ?? handle;
  if (url && authorName && text !== "") {
    const block: Block = { type: "socialPost", attrs: { url, authorName, handle, text, date } };
    return [block];
  }
  reading.notes.add(
    `A social post that lacks its words or link was kept as text: ${shortly(url ?? authorName ?? "")}`,
  );
  const words =
    textOf(element.children).trim() === ""
      ? [{ type: "text" as const, text: post.text || (url ?? "") }]
      : piecesOf(element.children, reading);
  return [BOUNDARY, ...words, BOUNDARY];
}

export function tweetPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const handle = lineIn(attributes, ["username"])?.replace(/^@/, "") ?? null;
  const quoted = recordIn(attributes, "quoted_tweet");
  const quotedText = wordsIn(quoted, ["full_text", "text"]);
  const quotedName = lineIn(quoted, ["name", "username"]);
  const own = wordsIn(attributes, ["full_text", "text"]);
  const text =
    quotedText === "" ? own : `${own}\n\n${quotedName ? `${quotedName}: ` : ""}${quotedText}`.trim();
  for (const photo of recordsIn(attributes, "photos")) {
    const address = lineIn(photo, ["img_url", "link_url"], 2_000);
    if (address) reading.notes.add(`The picture of a quoted post was left out: ${shortly(address, 120)}`);
  }
  const url = webTarget(attributes.url);
  const date = isoDateIn(attributes, ["date", "created_at"]);
  return postPieces({ url, authorName: lineIn(attributes, ["name"]), handle, text, date }, element, reading);
}

export function skyPieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const handle = lineIn(attributes, ["authorHandle"]);
  const id = lineIn(attributes, ["postId"], 100) ?? /\/([\w]+)$/.exec(lineIn(attributes, ["uri"]) ?? "")?.[1];
  const built = handle && id ? webTarget(`https://bsky.app/profile/${handle}/post/${id}`) : null;
  const post = {
    url: webTarget(attributes.url) ?? built,
    authorName: lineIn(attributes, ["authorName"]),
    handle,
    text: wordsIn(attributes, ["text"]),
    date: isoDateIn(attributes, ["createdAt"]),
  };
  return postPieces(post, element, reading);
}

/** `div.comment`: a Substack note or comment that the author quoted. */
export function notePieces(element: Element, reading: Reading): Piece[] {
  const attributes = dataAttributes(element);
  const comment = recordIn(attributes, "comment");
  const handle = lineIn(comment, ["handle"]);
  const id = attributeLine(comment.id);
  const built = handle && id ? webTarget(`https://substack.com/@${handle}/note/c-${id}`) : null;
  const post = {
    url: webTarget(attributes.url) ?? built,
    authorName: lineIn(comment, ["name"]),
    handle,
    text: wordsIn(comment, ["body"]),
    date: isoDateIn(comment, ["date"]),
  };
  return postPieces(post, element, reading);
}
