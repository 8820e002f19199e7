import type { Block } from "../../schema";
import { BOUNDARY, type Piece } from "../flow";
import { attributeLine, cleanText } from "../inlines";
import { dataAttributes, lineIn } from "./data-attrs";
import { classesOf, type Element, findAll, hasClass, textOf } from "./dom";
import type { Reading } from "./reading";
import { piecesOf } from "./walk";

function languageOf(pre: Element): string | null {
  const code = findAll(pre.children, ({ name }) => name === "code");
  const wrapper = pre.parent && "attribs" in pre.parent ? [pre.parent] : [];
  const elements = [pre, ...code, ...wrapper];
  const named = elements
    .map((element) => lineIn(dataAttributes(element), ["language"], 40))
    .find((found) => found);
  const classed = elements.flatMap(classesOf).find((name) => /^lang(uage)?-/.test(name));
  const language = named ?? attributeLine(classed?.replace(/^lang(uage)?-/, ""), 40);
  return language && !/^(plaintext|plain|text|null|undefined)$/i.test(language) ? language : null;
}

export function codeBlockOf(text: string, language: string | null): Block[] {
  const code = cleanText(text.replace(/\r\n?/g, "\n").replace(/^\n/, "").replace(/\n$/, ""));
  if (code.trim() === "") return [];
  const attrs = { language, fileName: null, markedLines: null };
  return [{ type: "codeBlock", attrs, content: [{ type: "text", text: code }] }];
}

/** `pre` is code, unless the editor used it for verse, whose lines and marks are kept as words. */
export function codePieces(pre: Element, reading: Reading): Piece[] {
  if (hasClass(pre, "text") || hasClass(pre, "preformatted-text")) return versePieces(pre, reading);
  return codeBlockOf(textOf(pre.children), languageOf(pre));
}

const INDENT = "\u00a0";

/** Lines as they stand: each ends with a break, blanks at its beginning stay, an empty line begins a paragraph. */
export function versePieces(element: Element, reading: Reading): Piece[] {
  const pieces = piecesOf(element.children, reading).flatMap((piece): Piece[] => {
    if (piece.type !== "text") return [piece];
    return piece.text.split("\n").flatMap((line, index): Piece[] => {
      const indented = line.replace(/^ +/, (blanks) => INDENT.repeat(blanks.length));
      const words: Piece[] = indented === "" ? [] : [{ ...piece, text: indented }];
      return index > 0 ? [{ type: "hardBreak" }, ...words] : words;
    });
  });
  const spaced = pieces.flatMap((piece, index): Piece[] => {
    const double = piece.type === "hardBreak" && pieces[index - 1]?.type === "hardBreak";
    return double ? [BOUNDARY] : [piece];
  });
  return [BOUNDARY, ...spaced, BOUNDARY];
}
