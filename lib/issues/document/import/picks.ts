import type { Inline, Pick } from "../schema";
import { attributeLine, plainWords, tidyInlines, webTarget } from "./inlines";

export type FoundPick = { pick: Pick; authorLinkLost: boolean };

function linkOf(node: Inline): string | null {
  const link = node.marks?.find((mark) => mark.type === "link");
  return link ? link.attrs.href : null;
}

/** What stands between a title or author and the summary. */
const SEPARATOR = /:(?=\s|$)|\s[–—-](?=\s)/;

/** Splits inline content at the first colon or spaced dash of its texts; null without one. */
function splitAtSeparator(inlines: readonly Inline[]): { before: Inline[]; after: Inline[] } | null {
  for (const [index, node] of inlines.entries()) {
    const found = node.type === "text" ? SEPARATOR.exec(node.text) : null;
    if (node.type !== "text" || !found) continue;
    const head = node.text.slice(0, found.index);
    const tail = node.text.slice(found.index + found[0].length);
    return {
      before: [...inlines.slice(0, index), ...(head ? [{ ...node, text: head }] : [])],
      after: [...(tail ? [{ ...node, text: tail }] : []), ...inlines.slice(index + 1)],
    };
  }
  return null;
}

/**
 * Reads `Title by Author: Summary` whose title is a link at the very beginning, as weekly lists of recommendations are
 * written; author and summary may be missing. Null when the text is anything else.
 */
export function readPick(inlines: readonly Inline[]): FoundPick | null {
  const [first] = inlines;
  const href = first ? linkOf(first) : null;
  const url = webTarget(href);
  if (!first || !url) return null;
  const end = inlines.findIndex((node) => linkOf(node) !== href);
  const linked = end < 0 ? inlines : inlines.slice(0, end);
  const title = attributeLine(plainWords(linked).replace(/\s*:\s*$/, ""));
  if (!title || linked.some((node) => node.type === "footnote" || node.type === "variable")) return null;
  const colonInTitle = /:\s*$/.test(plainWords(linked));
  const rest = tidyInlines(end < 0 ? [] : inlines.slice(end));
  return readRest(rest, { url, title }, colonInTitle);
}

function readRest(
  rest: Inline[],
  head: { url: string; title: string },
  colonRead: boolean,
): FoundPick | null {
  const finish = (author: string | null, summary: readonly Inline[], authorLinkLost = false): FoundPick => {
    const content = tidyInlines(summary);
    const pick: Pick = { type: "pick", attrs: { ...head, author } };
    return { pick: content.length > 0 ? { ...pick, content } : pick, authorLinkLost };
  };
  if (rest.length === 0) return finish(null, []);
  const split = splitAtSeparator(rest);
  const byline = split ? split.before : rest;
  const words = plainWords(byline).trim();
  if (words === "" && split) return finish(null, split.after);
  const author = /^by\s+(\S.{0,199})$/i.exec(words)?.[1];
  if (author && !byline.some((node) => node.type === "hardBreak" || node.type === "footnote")) {
    const linked = byline.some(
      (node) => linkOf(node) !== null || (node.type === "mention" && node.attrs.url),
    );
    return finish(attributeLine(author), split ? split.after : [], linked);
  }
  return colonRead ? finish(null, rest) : null;
}
