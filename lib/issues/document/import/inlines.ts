import type { Inline, Mark } from "../schema";
import { isSafeUrl } from "../schema";

/** Outermost first: the order in which marks lie in one another, here and in Markdown. */
const MARK_ORDER = ["link", "bold", "italic", "strike", "superscript", "subscript", "code"] as const;

const INLINE_TYPES: ReadonlySet<string> = new Set([
  "text",
  "hardBreak",
  "mathInline",
  "variable",
  "mention",
  "footnote",
]);

export function isInline(node: { type: string }): node is Inline {
  return INLINE_TYPES.has(node.type);
}

/** The marks with one more, in the schema's order; a mark of the same kind stays as it is. */
export function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  if (marks.some(({ type }) => type === mark.type)) return marks;
  return [...marks, mark].sort((a, b) => MARK_ORDER.indexOf(a.type) - MARK_ORDER.indexOf(b.type));
}

/** The node with these marks, or without the field where there are none. */
export function marked<N extends Inline>(node: N, marks: readonly Mark[]): N {
  return marks.length > 0 ? { ...node, marks: [...marks] } : node;
}

/** Database and XML refuse control characters and lone surrogates, so neither gets into a document. */
export function cleanText(value: string): string {
  return value.toWellFormed().replace(/[\p{Cc}--[\t\n\r]]/gv, "");
}

/** One line of plain text for an attribute: trimmed, at most `limit` characters, null when nothing is left. */
export function attributeLine(value: unknown, limit = 1_000): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const line = cleanText(String(value)).replace(/\s+/g, " ").trim().slice(0, limit).toWellFormed().trim();
  return line === "" ? null : line;
}

/** The link as it may stand in a document, or null. An address without a scheme, as in `www.example.com`, gets https. */
export function linkTarget(value: string | null | undefined): string | null {
  const target = (value ?? "").trim();
  if (target === "" || target === "#") return null;
  if (isSafeUrl(target)) return target;
  const whole = /^[a-z0-9-]+(\.[a-z0-9-]+)+([/?#]|$)/i.test(target) ? `https://${target}` : target;
  if (!/^https?:\/\//i.test(whole) || !URL.canParse(whole)) return null;
  const { href } = new URL(whole);
  return isSafeUrl(href) ? href : null;
}

/** A link to the web, or null: what cards, picks and mentions point to. */
export function webTarget(value: unknown): string | null {
  const target = typeof value === "string" ? linkTarget(value) : null;
  return target && /^https?:/i.test(target) ? target : null;
}

function sameMarks(a: Inline, b: Inline): boolean {
  return JSON.stringify(a.marks ?? []) === JSON.stringify(b.marks ?? []);
}

function hasCodeMark(node: Inline): boolean {
  return node.marks?.some(({ type }) => type === "code") ?? false;
}

function joined(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of inlines) {
    const last = result.at(-1);
    if (node.type === "text" && last?.type === "text" && sameMarks(node, last)) {
      result[result.length - 1] = { ...last, text: last.text + node.text };
    } else if (node.type !== "text" || node.text !== "") result.push(node);
  }
  return result;
}

/**
 * Inline content as a document holds it: neighbours with the same marks joined, runs of blanks made one (outside code),
 * none at the ends or beside a line break. No word is joined to another.
 */
export function tidyInlines(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  let blankBefore = true;
  for (const node of joined(inlines)) {
    if (node.type !== "text") {
      if (node.type === "hardBreak") trimEnd(result);
      result.push(node);
      blankBefore = node.type === "hardBreak";
      continue;
    }
    const code = hasCodeMark(node);
    let text = cleanText(node.text).replace(code ? /[\n\r\t]+/g : /[ \n\r\t]+/g, " ");
    if (blankBefore && !code) text = text.replace(/^ /, "");
    if (text === "") continue;
    result.push({ ...node, text });
    blankBefore = !code && text.endsWith(" ");
  }
  trimEnd(result);
  return joined(result);
}

function trimEnd(inlines: Inline[]): void {
  for (let last = inlines.at(-1); last?.type === "text" && !hasCodeMark(last); last = inlines.at(-1)) {
    const text = last.text.replace(/ +$/, "");
    if (text !== "") {
      inlines[inlines.length - 1] = { ...last, text };
      return;
    }
    inlines.pop();
  }
}

/** Without line breaks at either end, which HTML editors leave behind. */
export function withoutOuterBreaks(inlines: readonly Inline[]): Inline[] {
  let start = 0;
  let end = inlines.length;
  while (inlines[start]?.type === "hardBreak") start += 1;
  while (end > start && inlines[end - 1]?.type === "hardBreak") end -= 1;
  return inlines.slice(start, end);
}

/** The words of inline content, without marks; a variable gives its name. */
export function plainWords(inlines: readonly Inline[]): string {
  return inlines
    .map((node) => {
      switch (node.type) {
        case "text":
          return node.text;
        case "hardBreak":
          return "\n";
        case "mathInline":
          return node.attrs.tex;
        case "variable":
        case "mention":
          return node.attrs.name;
        case "footnote":
          return "";
        default:
          return node satisfies never;
      }
    })
    .join("");
}
