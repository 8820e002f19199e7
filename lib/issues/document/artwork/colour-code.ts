import { createHighlighterCore, type HighlighterCore, type ThemedTokenWithVariants } from "shiki/core";
import { createOnigurumaEngine } from "shiki/engine/oniguruma";
import { type CodeLanguage, codeLanguage, plainLines } from "@/lib/issues/document/code";
import type { CodeLines, CodeToken } from "@/lib/issues/document/facts";

const LIGHT = "github-light-default";
const DARK = "github-dark-default";
/** A line longer than this stays plain: minified code is not read by its colours. */
const LONGEST_LINE = 1_000;

/** Grammars are loaded when the first listing asks for them; each is a module of its own. */
const GRAMMARS: Record<CodeLanguage, Parameters<HighlighterCore["loadLanguage"]>[number]> = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  docker: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  jsx: () => import("shiki/langs/jsx.mjs"),
  kotlin: () => import("shiki/langs/kotlin.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  swift: () => import("shiki/langs/swift.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

/**
 * Oniguruma, the engine the grammars were written for: measured here, the first C++ listing takes a sixth of the time
 * that Shiki's translation to JavaScript expressions needs, the first Python listing half.
 */
let shared: Promise<HighlighterCore> | null = null;

function highlighter(): Promise<HighlighterCore> {
  shared ??= createHighlighterCore({
    themes: [import("shiki/themes/github-light-default.mjs"), import("shiki/themes/github-dark-default.mjs")],
    langs: [],
    engine: createOnigurumaEngine(import("shiki/wasm")),
  });
  return shared;
}

/** The lines of a listing in colour, both themes at once. A language without a grammar stays plain. */
export async function colourCode(language: string | null, source: string): Promise<CodeLines> {
  const known = codeLanguage(language);
  if (!known) return plainLines(source);
  const shiki = await highlighter();
  await shiki.loadLanguage(GRAMMARS[known]);
  const lines = shiki.codeToTokensWithThemes(source, {
    lang: known,
    themes: { light: LIGHT, dark: DARK },
    tokenizeMaxLineLength: LONGEST_LINE,
    // A limit in time would leave a line plain on a busy machine: the same listing, other bytes.
    tokenizeTimeLimit: 0,
  });
  const coloured = lines.map((tokens) => joinAlike(tokens.map(toToken)));
  // Copied text equals the source: where a grammar changed a character, colours are given up.
  return textOf(coloured) === source ? coloured : plainLines(source);
}

/** Colours that miss 4.5:1 on our backgrounds, and those meant for backgrounds that we do not draw. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ["#6e7781", "#59636e"],
  ["#8250df", "#7440cc"],
  ["#8b949e", "#9aa3ad"],
  ["#1f2328", ""],
  ["#f6f8fa", ""],
  ["#eaeef2", ""],
  ["#e6edf3", ""],
  ["#f0f6fc", ""],
  ["#161b22", ""],
]);
const ITALIC = 1;
const BOLD = 2;

/** Every colour that a token can have, for each theme. */
export async function codeColours(): Promise<{ light: string[]; dark: string[] }> {
  const shiki = await highlighter();
  const coloursOf = (theme: string) => {
    const { settings } = shiki.getTheme(theme);
    return [...new Set(settings.map((rule) => colourOf(rule.settings.foreground)))].filter(Boolean);
  };
  return { light: coloursOf(LIGHT), dark: coloursOf(DARK) };
}

function toToken({ content, variants }: ThemedTokenWithVariants): CodeToken {
  const style = variants.light?.fontStyle ?? 0;
  return {
    text: content,
    light: colourOf(variants.light?.color),
    dark: colourOf(variants.dark?.color),
    italic: style > 0 && (style & ITALIC) !== 0,
    bold: style > 0 && (style & BOLD) !== 0,
  };
}

function colourOf(colour: string | undefined): string {
  const lower = colour?.toLowerCase() ?? "";
  return REPLACED.get(lower) ?? lower;
}

/** Fewer, longer tokens: neighbours of one look become one, and blanks take the look of what stands before. */
function joinAlike(tokens: readonly CodeToken[]): CodeToken[] {
  const joined: CodeToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last && (token.text.trim() === "" || sameLook(last, token))) last.text += token.text;
    else if (token.text) joined.push({ ...token });
  }
  return joined;
}

function sameLook(one: CodeToken, two: CodeToken): boolean {
  return (
    one.light === two.light && one.dark === two.dark && one.italic === two.italic && one.bold === two.bold
  );
}

function textOf(lines: CodeLines): string {
  return lines.map((tokens) => tokens.map((token) => token.text).join("")).join("\n");
}
