/** Lines of plain text: paragraphs are wrapped between words, never within one, so that addresses stay whole. */
export const TEXT_WIDTH = 78;

/** Wraps each line of `text` at `width` columns; a word wider than that keeps a line of its own. */
export function wrap(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/[ \t]+/).filter(Boolean)) {
    if (current && columns(current) + 1 + columns(word) > width) {
      lines.push(current);
      current = word;
    } else {
      current = current ? `${current} ${word}` : word;
    }
  }
  lines.push(current);
  return lines.join("\n");
}

/** How wide a terminal shows the text: wide East Asian characters and emoji take two columns. */
export function columns(text: string): number {
  let count = 0;
  for (const character of text) {
    if (/\p{M}|\p{Cf}/u.test(character)) continue;
    count +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return count;
}

/** Puts `first` before the first line and blanks of the same width before the others; empty lines stay empty. */
export function hang(first: string, text: string): string {
  const blanks = " ".repeat(first.length);
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? first + line : line && blanks + line))
    .join("\n");
}

/** Puts `prefix` before every line. */
export function prefixed(prefix: string, text: string): string {
  return text
    .split("\n")
    .map((line) => (prefix + line).trimEnd())
    .join("\n");
}
