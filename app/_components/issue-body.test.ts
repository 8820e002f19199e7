import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { codeColours } from "@/lib/issues/document/artwork/colour-code";
import { CODE_MARK, CODE_SURFACE } from "@/lib/issues/document/mail/style";

const globals = readFileSync(new URL("../globals.css", import.meta.url), "utf8");
const [lightRules = "", darkRules = ""] = globals.split("@media (prefers-color-scheme: dark)");
const own = readFileSync(new URL("./issue-body.css", import.meta.url), "utf8");
const share = Number(/var\(--mark\) (\d+)%/.exec(own)?.[1]) / 100;

function colourOf(rules: string, name: string): string {
  return new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(rules)?.[1] ?? "";
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function mixed(one: number[], two: number[], part: number): number[] {
  return one.map((value, index) => value * part + (two[index] ?? 0) * (1 - part));
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number[], two: number[]): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe("code colours keep 4.5:1", () => {
  test.each([
    ["light", lightRules],
    ["dark", darkRules],
  ] as const)("on the web, %s, on plain and on marked lines", async (theme, rules) => {
    const surface = channels(colourOf(rules, "code-bg"));
    const mark = mixed(channels(colourOf(rules, "mark")), surface, share);
    const colours = (await codeColours())[theme];
    expect(colours.length).toBeGreaterThan(4);
    for (const colour of [...colours, colourOf(rules, "ink")]) {
      expect(contrast(channels(colour), surface), `${colour} on code`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(channels(colour), mark), `${colour} on a marked line`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("in mail, light and dark", async () => {
    const grounds = { light: [CODE_SURFACE, CODE_MARK], dark: ["#161b22", "#2f2a14"] };
    for (const theme of ["light", "dark"] as const) {
      for (const colour of (await codeColours())[theme]) {
        for (const ground of grounds[theme]) {
          expect(
            contrast(channels(colour), channels(ground)),
            `${colour} on ${ground}`,
          ).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
});
