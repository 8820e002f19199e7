import { ImportRefused } from "../import-notes";

/**
 * What a Markdown parser takes more than its length for, measured on micromark 4: marks that wait for a partner in one
 * paragraph, containers in containers, and very many lines. No issue comes near these.
 */
const MOST_CHARACTERS = 300_000;
const MOST_LINES = 10_000;
const MOST_MARKS = 25_000;
const MOST_MARKS_IN_PARAGRAPH = 1_200;
const DEEPEST_PREFIX = 30;
const DEEPEST_DIRECTIVES = 50;
const WIDEST_INDENT = 200;

const MARK = /[[\]*_~`<$:&@\\^!]/g;
const PREFIX = /[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;
const DIRECTIVE_END = /^ {0,3}(:{3,})[ \t]*$/;
const DIRECTIVE_START = /^[ \t]*(:{3,})[A-Za-z]/;

/** Throws `ImportRefused` for a source that would take too long to read. Looks at each character a few times at most. */
export function refuseCostlyMarkdown(source: string): void {
  if (source.length > MOST_CHARACTERS)
    throw new ImportRefused(
      "The text is longer than 300,000 characters, some fifty thousand words. Split it into several issues.",
    );
  const lines = source.split("\n");
  if (lines.length > MOST_LINES)
    throw new ImportRefused("The text has more than 10,000 lines. Split it into several issues.");
  const open: number[] = [];
  let marks = 0;
  let marksInParagraph = 0;
  for (const [index, line] of lines.entries()) {
    const found = countMarks(line);
    marks += found;
    marksInParagraph = line.trim() === "" ? 0 : marksInParagraph + found;
    if (marksInParagraph > MOST_MARKS_IN_PARAGRAPH || marks > MOST_MARKS)
      throw new ImportRefused(`Too many brackets, stars and other marks up to line ${index + 1}.`);
    const rest = withoutPrefix(line);
    followDirectives(line, rest ?? "", open);
    if (rest === null || open.length > DEEPEST_DIRECTIVES)
      throw new ImportRefused(`Quotes, lists or blocks are nested too deeply at line ${index + 1}.`);
  }
}

function countMarks(line: string): number {
  let count = 0;
  for (const _ of line.matchAll(MARK)) count += 1;
  return count;
}

/** The line without its quote and list markers; null where there are too many of them. */
function withoutPrefix(line: string): string | null {
  if (line.length > WIDEST_INDENT && line.search(/\S|$/) > WIDEST_INDENT) return null;
  PREFIX.lastIndex = 0;
  let at = 0;
  for (let depth = 0; PREFIX.test(line); depth += 1) {
    if (depth >= DEEPEST_PREFIX) return null;
    at = PREFIX.lastIndex;
  }
  return line.slice(at);
}

/** Keeps the colons of the containers that are open; only a line of as many colons closes one. */
function followDirectives(line: string, rest: string, open: number[]): void {
  const end = DIRECTIVE_END.exec(line)?.[1]?.length;
  if (end !== undefined) {
    if (end >= (open.at(-1) ?? Number.POSITIVE_INFINITY)) open.pop();
    return;
  }
  const start = DIRECTIVE_START.exec(rest)?.[1]?.length;
  if (start !== undefined) open.push(start);
}
