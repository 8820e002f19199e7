import { describe, expect, test } from "vitest";
import { prepareArtwork } from "./artwork";
import { codeColours } from "./artwork/colour-code";
import { drawFormula } from "./artwork/draw-formula";
import { CODE_LANGUAGES, codeKey, codeLanguage } from "./code";
import { EVERY_NODE, PYTHON_SOURCE, paragraph } from "./document.fixture";
import { DARK_CODE_COLOURS } from "./mail/style";
import { mathKey } from "./math";
import type { Block, Document } from "./schema";

function listing(language: string | null, text: string): Block {
  return {
    type: "codeBlock",
    attrs: { language, fileName: null, markedLines: null },
    content: [{ type: "text", text }],
  };
}
function formula(tex: string): Document {
  return { type: "doc", content: [paragraph({ type: "mathInline", attrs: { tex } })] };
}
async function linesOf(language: string | null, text: string) {
  const { code } = await prepareArtwork([{ type: "doc", content: [listing(language, text)] }]);
  return code.get(codeKey(language, text)) ?? [];
}
function textOf(lines: Awaited<ReturnType<typeof linesOf>>): string {
  return lines.map((tokens) => tokens.map((token) => token.text).join("")).join("\n");
}

const SAMPLE =
  '#!/bin/sh\n// c /* x */ # y -- z\n<a href="b">&amp;</a>\n@x def f(self): return "s" + 1.5\nclass A { b: c; }\n+ added\n- gone\nkey: true\n[table]\nSELECT * FROM t WHERE a = \'b\';\n## Head **bold** `x`\n{"a": [1, null]}\r\nfn main() -> i32 { let mut x = \'c\'; }\n$HOME $(x)\n';

describe("listings", () => {
  test.each(CODE_LANGUAGES)(
    "in %s keep every character",
    async (language) => {
      const lines = await linesOf(language, SAMPLE);
      expect(textOf(lines)).toBe(SAMPLE);
      const { light, dark } = await codeColours();
      for (const token of lines.flat()) {
        expect(["", ...light]).toContain(token.light);
        expect(["", ...dark]).toContain(token.dark);
      }
    },
    30_000,
  );

  test("have no dark colour that the mail's dark rules lack", async () => {
    expect((await codeColours()).dark.toSorted()).toEqual(DARK_CODE_COLOURS.toSorted());
  });

  test("in Python are coloured for both themes", async () => {
    const [first] = await linesOf("py", PYTHON_SOURCE);
    expect(first?.[0]).toEqual({
      text: "def ",
      light: "#cf222e",
      dark: "#ff7b72",
      italic: false,
      bold: false,
    });
  });

  test.each([[null], ["brainfuck"], ["text"]])("in %s stay plain", async (language) => {
    const lines = await linesOf(language, "a < b\n");
    expect(lines).toEqual([[{ text: "a < b", light: "", dark: "", italic: false, bold: false }], []]);
  });

  test("with one very long line keep their text", async () => {
    const source = `const a = [${"1,".repeat(100_000)}];`;
    expect(textOf(await linesOf("js", source))).toBe(source);
  });

  test("in two names of one language are one", () => {
    expect(codeKey("py", "x")).toBe(codeKey("Python", "x"));
    expect(codeLanguage("PY")).toBe("python");
  });
});

describe("formulas", () => {
  test("become pictures whose name follows from their bytes", async () => {
    const saved: [string, Buffer][] = [];
    const savePicture = async (name: string, png: Buffer) => {
      saved.push([name, png]);
      return `https://letters.example/media/${name}`;
    };
    const first = await prepareArtwork([EVERY_NODE], { savePicture });
    const second = await prepareArtwork([EVERY_NODE], { savePicture });
    expect(saved).toHaveLength(4);
    expect(saved.slice(0, 2)).toEqual(saved.slice(2));
    expect(second.math).toEqual(first.math);
    expect(saved[0]?.[0]).toMatch(/^formula-[0-9a-f]{32}\.png$/);
    expect(saved[0]?.[1].subarray(1, 4).toString()).toBe("PNG");
    expect([...first.math.keys()]).toContain(mathKey("\\hat{y} = \\sigma(w^\\top x)", false));
  });

  test("are drawn at twice the size they are shown", async () => {
    let png: Buffer = Buffer.alloc(0);
    const { math } = await prepareArtwork([formula("x^2")], {
      savePicture: async (_name, bytes) => {
        png = bytes;
        return "https://letters.example/media/x.png";
      },
    });
    const shown = math.get(mathKey("x^2", false));
    expect(png.readUInt32BE(16)).toBe((shown?.width ?? 0) * 2);
    expect(png.readUInt32BE(20)).toBe((shown?.height ?? 0) * 2);
  });

  test.each([
    "\\frac{1",
    "\\nothing",
    "\\def\\x{y}\\x",
    "\\href{javascript:x}{y}",
    "\\require{html}",
    "x\\\\".repeat(900),
    "{".repeat(3_000),
  ])("that cannot be drawn have no picture and stop nothing (%#)", async (tex) => {
    const savePicture = async (name: string) => `https://letters.example/media/${name}`;
    const good = formula("x");
    const { math } = await prepareArtwork([formula(tex), good], { savePicture });
    expect([...math.keys()]).toEqual([mathKey("x", false)]);
  });

  test("are not drawn when nothing keeps pictures", async () => {
    expect((await prepareArtwork([EVERY_NODE])).math.size).toBe(0);
  });
});

test("an escaped sign inside words of a formula is drawn as the sign, without its backslash", async () => {
  const inside = await drawFormula(String.raw`\text{95\% of it}`, false);
  const outside = await drawFormula(String.raw`\text{95}\%\text{ of it}`, false);
  expect(inside?.width).toBe(outside?.width);
});
