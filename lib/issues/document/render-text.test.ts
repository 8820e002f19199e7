import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextFor, paragraph, words } from "./document.fixture";
import { renderText } from "./render-text";
import type { Block, Document, Inline } from "./schema";
import { columns } from "./text/wrap";

function text(...content: Document["content"]): string {
  return renderText({ type: "doc", content }, contextFor("member"));
}
function linked(label: string, href: string): Inline {
  return { type: "text", text: label, marks: [{ type: "link", attrs: { href } }] };
}

describe("words and blocks", () => {
  test("never glue at a card, a heading, a list or a pick", () => {
    const card: Block = {
      type: "linkCard",
      attrs: {
        url: "https://example.com/a",
        title: "On drift",
        description: null,
        siteName: null,
        author: null,
      },
    };
    const pick = (title: string, summary: string): Extract<Block, { type: "picks" }>["content"][number] => ({
      type: "pick",
      attrs: { url: "https://example.com/p", title, author: null },
      content: words(summary),
    });
    const output = text(
      paragraph(
        ...words("Read "),
        { type: "mention", attrs: { name: "Ines", url: null } },
        ...words("’s article:"),
      ),
      card,
      paragraph(...words("That was it.")),
      { type: "heading", attrs: { level: 2 }, content: words("In the UK.") },
      { type: "bulletList", content: [{ type: "listItem", content: [paragraph(...words("Reduce"))] }] },
      {
        type: "picks",
        content: [pick("Small models", "About models."), pick("AI at the edge", "About systems.")],
      },
    );
    for (const glued of ["article:That", "UK.Reduce", "models.AI", "article:|", "article:On"]) {
      expect(output).not.toContain(glued);
    }
    expect(output).toContain(
      "Read Ines’s article:\n\n| On drift (example.com)\n| https://example.com/a\n\nThat was it.",
    );
    expect(output).toContain("About models.\n\n- AI at the edge");
  });

  test("of any run of blocks stay apart by white space", () => {
    const block = fc.constantFrom<(word: string) => Block>(
      (word) => paragraph(...words(word)),
      (word) => ({ type: "heading", attrs: { level: 3 }, content: words(word) }),
      (word) => ({ type: "blockquote", content: [paragraph(...words(word))] }),
      (word) => ({
        type: "bulletList",
        content: [{ type: "listItem", content: [paragraph(...words(word))] }],
      }),
      (word) => ({
        type: "callout",
        attrs: { kind: "note", title: null },
        content: [paragraph(...words(word))],
      }),
      (word) => ({
        type: "picks",
        content: [{ type: "pick", attrs: { url: "https://example.com/", title: word, author: null } }],
      }),
      (word) => ({
        type: "codeBlock",
        attrs: { language: null, fileName: null, markedLines: null },
        content: [{ type: "text", text: word }],
      }),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 2, maxLength: 8 }), (makers) => {
        const output = text(...makers.map((make, index) => make(`word${index}.`)));
        const found = output.split(/\s+/).filter((word) => word.startsWith("word"));
        expect(found).toEqual(makers.map((_make, index) => `word${index}.`));
      }),
    );
  });

  test("keep hard breaks and put blanks for other line breaks", () => {
    expect(text(paragraph(...words("one\ntwo"), { type: "hardBreak" }, ...words("three")))).toBe(
      "one two\nthree",
    );
  });
});

describe("links", () => {
  test("are numbered in reading order, once for each address, and listed at the end", () => {
    const output = text(
      paragraph(
        ...words("See "),
        linked("one", "https://example.com/1"),
        ...words(", "),
        linked("home", "/archive"),
        ...words(" and "),
        linked("one again", "https://example.com/1"),
        ...words("."),
      ),
    );
    expect(output).toBe(
      "See one [1], home [2] and one again [1].\n\nLinks\n\n[1] https://example.com/1\n[2] https://letters.example/archive",
    );
  });

  test("that are their own words are not repeated", () => {
    expect(text(paragraph(linked("https://example.com/1", "https://example.com/1")))).toBe(
      "https://example.com/1",
    );
    expect(text(paragraph(linked("me@example.com", "mailto:me@example.com")))).toBe("me@example.com");
  });

  test("over words in several styles are one link", () => {
    const bold: Inline = {
      type: "text",
      text: "paper",
      marks: [{ type: "link", attrs: { href: "https://example.com/" } }, { type: "bold" }],
    };
    expect(text(paragraph(linked("the ", "https://example.com/"), bold, ...words(".")))).toContain(
      "the paper [1].",
    );
  });

  test("to an anchor lead to the issue's page", () => {
    expect(text(paragraph(linked("below", "#more")))).toContain(
      "[1] https://letters.example/p/drift-before-breakfast#more",
    );
  });
});

describe("lines", () => {
  const long = "word ".repeat(60).trim();

  test("are 78 columns at most, inside containers too", () => {
    const output = text(
      paragraph(...words(long)),
      {
        type: "blockquote",
        content: [
          { type: "bulletList", content: [{ type: "listItem", content: [paragraph(...words(long))] }] },
        ],
      },
      { type: "callout", attrs: { kind: "tip", title: long }, content: [paragraph(...words(long))] },
      paragraph(...words("日本語の文".repeat(3)), ...words(" 日本語の文".repeat(30))),
    );
    for (const line of output.split("\n")) expect(columns(line)).toBeLessThanOrEqual(78);
  });

  test("of code and addresses are never broken", () => {
    const source = `    x = [${"1, ".repeat(60)}]`;
    const address = `https://example.com/${"a".repeat(120)}`;
    const output = text(
      {
        type: "codeBlock",
        attrs: { language: "py", fileName: null, markedLines: null },
        content: [{ type: "text", text: source }],
      },
      paragraph(linked(address, address)),
    );
    expect(output).toContain(`    ${source}`);
    expect(output).toContain(address);
  });
});

test("a table too wide for columns names its columns in each row", () => {
  const cell = (type: "tableHeader" | "tableCell", content: string) => ({
    type,
    attrs: { colspan: 1, rowspan: 1, align: null },
    content: [paragraph(...words(content))],
  });
  const output = text({
    type: "table",
    content: [
      { type: "tableRow", content: [cell("tableHeader", "Model"), cell("tableHeader", "Verdict")] },
      {
        type: "tableRow",
        content: [cell("tableCell", "small"), cell("tableCell", "good enough ".repeat(9).trim())],
      },
    ],
  });
  expect(output.split("\n")[0]).toBe("- Model: small");
  expect(output.split("\n")[1]).toMatch(/^ {2}Verdict: good enough/);
});

test("a snippet inside a snippet is not opened", () => {
  const context = contextFor("member");
  const snippets = new Map([
    [
      "outer",
      {
        type: "doc" as const,
        content: [paragraph(...words("out")), { type: "snippet" as const, attrs: { name: "outer" } }],
      },
    ],
  ]);
  const document: Document = { type: "doc", content: [{ type: "snippet", attrs: { name: "outer" } }] };
  expect(renderText(document, { ...context, issue: { ...context.issue, snippets } })).toBe("out");
});
