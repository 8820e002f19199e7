import { expect, it } from "vitest";
import type { Document } from "../document/schema";
import { describeRemotePictures } from "./remote-pictures";

const figure = (src: string) => ({
  type: "figure" as const,
  attrs: { src, alt: "", width: null, height: null },
});
const holding = (...sources: string[]): Document => ({ type: "doc", content: sources.map(figure) });

it.each([
  ["no pictures", holding(), null],
  ["only our own", holding("/media/a.png", "/media/b.png"), null],
  [
    "one of another site",
    holding("/media/a.png", "https://pics.example/a.png"),
    /^A picture lies .*\(pics\.example\)/,
  ],
  ["one used twice", holding("https://pics.example/a.png", "https://pics.example/a.png"), /^A picture lies/],
  [
    "two of one site",
    holding("https://pics.example/a.png", "https://pics.example/b.png"),
    /^2 pictures .*\(pics\.example\)/,
  ],
  [
    "of many sites",
    holding(...["a", "b", "c", "d", "e"].map((name) => `https://${name}.example/1.png`)),
    /\(a\.example, b\.example, c\.example and 2 more sites\)/,
  ],
  [
    "inside a quotation",
    { type: "doc", content: [{ type: "blockquote", content: [figure("https://pics.example/a.png")] }] },
    /^A picture lies/,
  ],
] satisfies [string, Document, RegExp | null][])("%s", (_name, document, expected) => {
  const said = describeRemotePictures(document);
  if (expected === null) expect(said).toBeNull();
  else expect(said).toMatch(expected);
});
