import type { CSSProperties } from "react";

/** The papers of globals.css, light and dark. */
const PAPER = { light: "#fcfaf6", dark: "#191714" } as const;
const INK_ON_ACCENT = { light: "#ffffff", dark: "#191714" } as const;
/** WCAG 2.2, 1.4.3: text against its ground. */
const ENOUGH_CONTRAST = 4.5;
const FALLBACK = "#a8321c";

type Rgb = readonly [number, number, number];

/**
 * The publication's accent as CSS variables, made darker on light paper and lighter on dark paper until it can be
 * read there and under its own ink. Anything but `#rrggbb` gives the house red.
 */
export function accentVariables(accentColor: string): CSSProperties {
  const base = /^#[0-9a-f]{6}$/i.test(accentColor) ? accentColor : FALLBACK;
  const light = readable(base, "light");
  const dark = readable(base, "dark");
  return {
    "--accent-light": light,
    "--accent-ink-light": INK_ON_ACCENT.light,
    "--accent-dark": dark,
    "--accent-ink-dark": INK_ON_ACCENT.dark,
  } as CSSProperties;
}

/** The colour itself when it reads well in that theme, otherwise its nearest mix with black or white that does. */
export function readable(color: string, theme: "light" | "dark"): string {
  const target: Rgb = theme === "light" ? [0, 0, 0] : [255, 255, 255];
  const from = parse(color);
  for (let share = 0; share <= 1; share += 0.04) {
    const candidate = format(mix(from, target, share));
    if (reads(candidate, theme)) return candidate;
  }
  return format(target);
}

function reads(color: string, theme: "light" | "dark"): boolean {
  return (
    contrast(color, PAPER[theme]) >= ENOUGH_CONTRAST &&
    contrast(color, INK_ON_ACCENT[theme]) >= ENOUGH_CONTRAST
  );
}

/** WCAG contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (a: number, b: number) => Math.round(a + (b - a) * share);
  return [channel(from[0], to[0]), channel(from[1], to[1]), channel(from[2], to[2])];
}

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function format(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
