import { describe, expect, test } from "vitest";
import { contextFor, EVERY_NODE, paragraph, words } from "./document.fixture";
import { listLinks } from "./list-links";
import { countWords, excerptOf, outlineOf, readingMinutes, shorten } from "./reading";
import type { Document } from "./schema";

function doc(...content: Document["content"]): Document {
  return { type: "doc", content };
}
function heading(text: string, level: 2 | 3 | 4 = 2): Document["content"][number] {
  return { type: "heading", attrs: { level }, content: words(text) };
}

describe("an excerpt", () => {
  const cut: [text: string, length: number, short: string][] = [
    ["short enough", 20, "short enough"],
    ["exactly ten", 11, "exactly ten"],
    ["one two three", 9, "one two…"],
    ["one two, three", 10, "one two…"],
    ["unbreakableword", 6, "unbre…"],
    ["ends. Here it goes", 8, "ends…"],
  ];
  test.each(cut)("of %j in %i characters", (text, length, short) => {
    expect(shorten(text, length)).toBe(short);
    expect(shorten(text, length).length).toBeLessThanOrEqual(length);
  });

  test("joins paragraphs with a blank and leaves out headings, code and cards", () => {
    const document = doc(
      heading("No"),
      paragraph(...words("First.")),
      {
        type: "codeBlock",
        attrs: { language: null, fileName: null, markedLines: null },
        content: [{ type: "text", text: "no" }],
      },
      { type: "bulletList", content: [{ type: "listItem", content: [paragraph(...words("Second."))] }] },
    );
    expect(excerptOf(document)).toBe("First. Second.");
  });

  test("says variables when it knows the publication", () => {
    const document = doc(
      paragraph(...words("For "), { type: "variable", attrs: { name: "price" } }, ...words(".")),
    );
    expect(excerptOf(document, contextFor("stranger").issue.publication)).toBe("For $3/mo.");
  });

  test("never ends in half a character", () => {
    expect(shorten("😀😀😀", 4)).toBe("😀…");
  });
});

describe("reading time", () => {
  test("counts words once, however they are marked, and hyphens as one word", () => {
    const document = doc(
      paragraph(
        { type: "text", text: "half" },
        { type: "text", text: "bold", marks: [{ type: "bold" }] },
        ...words(" a well-set page, don’t we?"),
      ),
    );
    expect(countWords(document)).toBe(6);
  });

  const times: [count: number, minutes: number][] = [
    [0, 1],
    [220, 1],
    [329, 1],
    [330, 2],
    [1540, 7],
  ];
  test.each(times)("of %i words is %i minutes", (count, minutes) => {
    expect(readingMinutes(doc(paragraph(...words("word ".repeat(count) || " "))))).toBe(minutes);
  });
});

describe("the outline", () => {
  test("gives each heading an anchor of its own", () => {
    const document = doc(
      heading("What’s new?"),
      heading("What's new", 3),
      heading("Crème brûlée & C++", 4),
      heading("数学"),
      heading("…"),
      heading("What's new 2"),
    );
    expect(outlineOf(document).map(({ anchor }) => anchor)).toEqual([
      "whats-new",
      "whats-new-2",
      "creme-brulee-c",
      "数学",
      "section",
      "whats-new-2-2",
    ]);
  });
});

test("links are listed in reading order with their words, cards and picks among them", () => {
  const links = listLinks(EVERY_NODE);
  expect(links.slice(0, 3)).toEqual([
    { url: "https://example.com/guide?a=1&b=2", words: "the guide" },
    { url: "/archive", words: "our archive" },
    { url: "https://example.org/ines", words: "Ines Okafor" },
  ]);
  expect(links.at(-1)).toEqual({ url: "https://example.org/index", words: "Notes on a small index" });
});
