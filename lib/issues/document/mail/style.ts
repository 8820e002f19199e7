import type { CSSProperties } from "react";

/**
 * The look of an issue in mail. Every colour stands inline, because many clients drop `<style>`; the classes only
 * serve the dark rules below. Fonts and sizes are set once around the body and inherited.
 */
export const INK = "#1f1c18";
export const SOFT = "#5f5a52";
export const LINE = "#e3ddd3";
export const SURFACE = "#f7f4ee";
export const CODE_SURFACE = "#f6f2ea";
export const CODE_MARK = "#fff3bf";
const SERIF = "Georgia,'Times New Roman',serif";
export const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const MONO = "Menlo,Consolas,monospace";

export const BODY: CSSProperties = {
  fontFamily: SERIF,
  fontSize: "18px",
  lineHeight: "1.6",
  color: INK,
  wordBreak: "break-word",
};
export const SMALL: CSSProperties = {
  fontFamily: SANS,
  fontSize: "14px",
  lineHeight: "1.5",
  color: SOFT,
};

/**
 * Colours of code in dark mode; a token wears the class `t` with its colour's place in this list. The dark theme
 * that `artwork.ts` uses has no others (its test says so).
 */
export const DARK_CODE_COLOURS: readonly string[] = [
  "#ff7b72",
  "#a5d6ff",
  "#d2a8ff",
  "#79c0ff",
  "#ffa657",
  "#7ee787",
  "#9aa3ad",
  "#ffa198",
];

const DARK_RULES: readonly (readonly [string, string])[] = [
  [".m-ink", "color:#e9e4da!important"],
  [".m-soft", "color:#a8a196!important"],
  [".m-line", "border-color:#3b3731!important"],
  [".m-surface", "background:#24211d!important"],
  [".m-code", "background:#211e1a!important;color:#ebe5da!important;border-color:#37332c!important"],
  [".m-mark", "background:#2f2a14!important"],
  [".m-link", "color:#e9e4da!important"],
  [".m-math", "filter:invert(1)!important;mix-blend-mode:screen"],
  ...DARK_CODE_COLOURS.map((colour, place) => [`.t${place}`, `color:${colour}!important`] as const),
];

/**
 * Belongs into the mail's `<style>`: dark mode, for clients that ask for it by media query and for Outlook's
 * apps, which mark the page with `data-ogsc` instead.
 */
export const MAIL_STYLE = [
  `@media (prefers-color-scheme:dark){${DARK_RULES.map(([name, rule]) => `${name}{${rule}}`).join("")}}`,
  ...DARK_RULES.map(([name, rule]) => `[data-ogsc] ${name}{${rule}}`),
].join("");
