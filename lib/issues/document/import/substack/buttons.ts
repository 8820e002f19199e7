import type { Inline } from "../../schema";
import { BOUNDARY, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, linkTarget } from "../inlines";
import { dataAttributes, lineIn } from "./data-attrs";
import { type Element, findByClass, findByTag, textOf } from "./dom";
import type { Reading } from "./reading";
import { piecesOf } from "./walk";

/** What only Substack can do: `action=share` links, and placeholders that it fills in when it sends. */
const SUBSTACK_ONLY =
  /%%(?!checkout_url)\w+%%|[?&]action=(share|restack|like)|\/comments(?:[?#]|$)|share_publication|refer_a_friend/;

function isForSubscribing(url: string): boolean {
  return url.includes("%%checkout_url%%") || /\/subscribe(?:[/?#]|$)/.test(url);
}

/**
 * A button: the one for subscribing becomes the upgrade button with its words, one that needs Substack is left out, any
 * other becomes a paragraph with a link. The caption above it stays.
 */
export function buttonPieces(element: Element, reading: Reading): Piece[] {
  const caption = findByClass(element, "cta-caption") ?? findByClass(element, "preamble");
  const before: Piece[] = caption ? [BOUNDARY, ...piecesOf(caption.children, reading), BOUNDARY] : [];
  const wrapper = findByClass(element, "button-wrapper") ?? element;
  const attributes = dataAttributes(wrapper);
  const anchor = findByTag(wrapper, "a");
  const url = lineIn(attributes, ["url"], 4_000) ?? anchor?.attribs.href ?? "";
  const label = lineIn(attributes, ["text"]) ?? attributeLine(anchor ? textOf(anchor.children) : null);
  return [...before, ...withoutCaption(url, label, reading)];
}

function withoutCaption(url: string, label: string | null, reading: Reading): Piece[] {
  if (isForSubscribing(url)) return [{ type: "upgradeButton", attrs: { label } }];
  const href = linkTarget(url);
  if (!label || !href || SUBSTACK_ONLY.test(url)) {
    reading.notes.add(`A button that works only on Substack was left out: ${shortly(label ?? url)}`);
    return [];
  }
  const words: Inline = { type: "text", text: label, marks: [{ type: "link", attrs: { href } }] };
  return [BOUNDARY, words, BOUNDARY];
}
