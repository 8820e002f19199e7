import type { Artwork, CodeLines } from "./facts";
import type { Block } from "./schema";
import { sourceOf } from "./traverse";

/** Languages that are coloured, under Shiki's names: what a reader sees, and the other names a fence may use. */
const LANGUAGES = {
  bash: { label: "Shell", names: ["sh", "shell", "zsh", "console"] },
  c: { label: "C", names: ["h"] },
  cpp: { label: "C++", names: ["c++", "cc", "hpp"] },
  csharp: { label: "C#", names: ["cs", "c#"] },
  css: { label: "CSS", names: [] },
  diff: { label: "Diff", names: ["patch"] },
  docker: { label: "Dockerfile", names: ["dockerfile"] },
  go: { label: "Go", names: ["golang"] },
  html: { label: "HTML", names: [] },
  java: { label: "Java", names: [] },
  javascript: { label: "JavaScript", names: ["js", "mjs", "cjs"] },
  json: { label: "JSON", names: ["jsonc"] },
  jsx: { label: "JSX", names: [] },
  kotlin: { label: "Kotlin", names: ["kt"] },
  markdown: { label: "Markdown", names: ["md"] },
  php: { label: "PHP", names: [] },
  python: { label: "Python", names: ["py"] },
  ruby: { label: "Ruby", names: ["rb"] },
  rust: { label: "Rust", names: ["rs"] },
  sql: { label: "SQL", names: ["postgres", "postgresql"] },
  swift: { label: "Swift", names: [] },
  toml: { label: "TOML", names: [] },
  tsx: { label: "TSX", names: [] },
  typescript: { label: "TypeScript", names: ["ts", "mts", "cts"] },
  yaml: { label: "YAML", names: ["yml"] },
} as const;
export type CodeLanguage = keyof typeof LANGUAGES;
export const CODE_LANGUAGES = Object.keys(LANGUAGES) as CodeLanguage[];

const BY_NAME: ReadonlyMap<string, CodeLanguage> = new Map(
  CODE_LANGUAGES.flatMap((language) =>
    [language, ...LANGUAGES[language].names].map((name) => [name, language] as const),
  ),
);
const PLAIN_NAMES = new Set(["text", "txt", "plain", "plaintext", "none"]);

/** The language behind a fence's name, or null for plain text and for languages that are not coloured. */
export function codeLanguage(name: string | null): CodeLanguage | null {
  return (name && BY_NAME.get(name.toLowerCase())) || null;
}

/** What the code block's bar says of its language; null when there is nothing to say. */
export function languageLabel(name: string | null): string | null {
  if (!name || PLAIN_NAMES.has(name.toLowerCase())) return null;
  const language = codeLanguage(name);
  return language ? LANGUAGES[language].label : name;
}

/** The key of a coloured block in `Artwork.code`: names of one language share it. */
export function codeKey(language: string | null, text: string): string {
  return `${codeLanguage(language) ?? "text"}\n${text}`;
}

/**
 * The lines that `2,5-7` names, counted from 1. Lines past the end are left out, so that a hostile range costs
 * nothing; a range that runs backwards names its lines all the same.
 */
export function markedLineNumbers(marked: string | null, lineCount: number): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const part of marked?.split(",") ?? []) {
    const [one = 0, two = one] = part.split("-").map(Number);
    const last = Math.min(Math.max(one, two), lineCount);
    for (let line = Math.max(1, Math.min(one, two)); line <= last; line += 1) numbers.add(line);
  }
  return numbers;
}

/** The block's lines with colours where the artwork has them; a colour of `""` is the text's own. */
export function codeLinesOf(block: Extract<Block, { type: "codeBlock" }>, artwork: Artwork): CodeLines {
  const source = sourceOf(block);
  const coloured = artwork.code.get(codeKey(block.attrs.language, source));
  return coloured ?? plainLines(source);
}

/** Lines without colours, split exactly where the source breaks. */
export function plainLines(source: string): CodeLines {
  return source
    .split("\n")
    .map((text) => (text ? [{ text, light: "", dark: "", italic: false, bold: false }] : []));
}
