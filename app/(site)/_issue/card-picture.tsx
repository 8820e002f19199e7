import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readable } from "@/app/_components/accent";

export const CARD_SIZE = { width: 1200, height: 630 } as const;

/** Which letters each file of the face holds; a picture loads the files that its words need. */
const ALPHABETS = [
  { file: "latin", letters: /[ -\u00ff]/ },
  { file: "latin-ext", letters: /[\u0100-\u024f]/ },
  { file: "greek", letters: /[\u0370-\u03ff]/ },
  { file: "cyrillic", letters: /[\u0400-\u045f\u0490\u0491]/ },
  {
    file: "vietnamese",
    letters: /[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]/,
  },
] as const;

const UNPRINTABLE =
  /[^\u0020-\u007e\u00a0-\u017f\u0386\u0388-\u03ce\u0400-\u045f\u0490\u0491\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac\u2122]/gu;

/**
 * Only letters that the local faces have: for any other the drawing library would ask a server on the internet.
 * What remains of a title in another script may be nothing, and the picture then shows the names alone.
 */
export function printable(words: string): string {
  return words.normalize("NFC").replace(UNPRINTABLE, "").replace(/\s+/g, " ").trim();
}

export async function cardFonts(words: string) {
  const folder = join(process.cwd(), "node_modules/@fontsource/source-serif-4/files");
  const needed = ALPHABETS.filter(({ file, letters }) => file === "latin" || letters.test(words));
  return Promise.all(
    needed.map(async ({ file }) => ({
      name: `Source Serif ${file}`,
      data: await readFile(join(folder, `source-serif-4-${file}-600-normal.woff`)),
      weight: 600 as const,
      style: "normal" as const,
    })),
  );
}

export function IssueCardPicture(words: {
  title: string;
  series: string;
  name: string;
  author: string;
  accent: string;
}) {
  const accent = /^#[0-9a-f]{6}$/i.test(words.accent) ? readable(words.accent, "light") : "#a8321c";
  const size = words.title.length > 110 ? 52 : words.title.length > 60 ? 64 : 80;
  return (
    <div
      style={{
        width: "100%",
        height: "100%",
        display: "flex",
        flexDirection: "column",
        justifyContent: "space-between",
        padding: "56px 72px",
        background: "#fcfaf6",
        color: "#1d1a16",
        fontFamily: ALPHABETS.map(({ file }) => `"Source Serif ${file}"`).join(", "),
      }}
    >
      <div
        style={{
          display: "flex",
          justifyContent: "space-between",
          borderTop: "8px solid #1d1a16",
          borderBottom: "2px solid #1d1a16",
          padding: "20px 0",
          fontSize: 30,
        }}
      >
        <span>{words.name}</span>
        <span style={{ color: accent }}>{words.series}</span>
      </div>
      <div style={{ display: "flex", fontSize: size, lineHeight: 1.1, letterSpacing: "-0.02em" }}>
        {words.title}
      </div>
      <div style={{ display: "flex", fontSize: 28, color: "#645d53" }}>{`By ${words.author}`}</div>
    </div>
  );
}
