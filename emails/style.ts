import type { CSSProperties } from "react";

/** The look of every mail. Colours stand inline; the classes serve dark mode only, where a client knows it. */
export const PAPER = "#fcfaf6";
export const INK = "#1f1c18";
export const SOFT = "#5f5a52";
export const LINE = "#e3ddd3";
export const SURFACE = "#f5f1e9";
export const SERIF = "Georgia,'Times New Roman',serif";
export const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const MONO = "Menlo,Consolas,'Courier New',monospace";

export const PROSE: CSSProperties = {
  margin: "0 0 18px",
  fontFamily: SERIF,
  fontSize: "18px",
  lineHeight: "1.6",
  color: INK,
};
export const QUIET: CSSProperties = {
  margin: "0 0 12px",
  fontFamily: SANS,
  fontSize: "14px",
  lineHeight: "1.55",
  color: SOFT,
};
export const FOOT: CSSProperties = { ...QUIET, fontSize: "13px", margin: "0 0 10px" };

const DARK: readonly (readonly [string, string])[] = [
  [".e-paper", "background:#191714!important"],
  [".e-ink", "color:#ebe5da!important"],
  [".e-soft", "color:#aaa194!important"],
  [".e-line", "border-color:#37332c!important"],
  [".e-surface", "background:#22201b!important"],
];

/** Dark mode by media query, and by the attribute that Outlook's apps set instead; a narrow screen gets narrow edges. */
export const LAYOUT_STYLE = [
  "body{margin:0;padding:0;width:100%!important;-webkit-text-size-adjust:100%;text-size-adjust:100%}",
  "a{text-decoration-thickness:1px;text-underline-offset:2px}",
  "img{border:0;max-width:100%}",
  "@media (max-width:480px){.e-edge{padding-left:18px!important;padding-right:18px!important}.e-title{font-size:27px!important}}",
  `@media (prefers-color-scheme:dark){${DARK.map(([name, rule]) => `${name}{${rule}}`).join("")}}`,
  ...DARK.map(([name, rule]) => `[data-ogsc] ${name}{${rule}}`),
].join("");

export type Look = { accent: string; accentInk: string };

const WHITE_TEXT_READS = 4.5;

/** The publication's colour, darkened until white words can be read on it and it can be read on paper (WCAG 1.4.3). */
export function lookOf(accentColor: string): Look {
  let channels = [1, 3, 5].map((at) => Number.parseInt(accentColor.slice(at, at + 2), 16));
  if (channels.some(Number.isNaN)) channels = [168, 50, 28];
  while (1.05 / (luminance(channels) + 0.05) < WHITE_TEXT_READS + 0.4) {
    channels = channels.map((channel) => Math.floor(channel * 0.95));
  }
  const accent = `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
  return { accent, accentInk: "#ffffff" };
}

function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
