import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDocument } from "./any-document.fixture";
import { EVERY_NODE, paragraph, words } from "./document.fixture";
import { documentFromMarkdown } from "./import/markdown";
import { renderMarkdown } from "./render-markdown";
import { type Block, type Document, parseDocument } from "./schema";

function doc(...content: Document["content"]): Document {
  return { type: "doc", content };
}

describe("Markdown of a document", () => {
  test("an empty document is an empty string", () => {
    expect(renderMarkdown(doc())).toBe("");
    expect(renderMarkdown(doc(paragraph()))).toBe("");
  });

  const escapes: [text: string, markdown: string][] = [
    ["# no heading", "\\# no heading\n"],
    ["1. no list", "1\\. no list\n"],
    ["article:That", "article\\:That\n"],
    ["costs $3 or $5", "costs \\$3 or \\$5\n"],
    ["<b>no tag</b>", "\\<b>no tag\\</b>\n"],
    ["::paywall", ":\\:paywall\n"],
  ];
  test.each(escapes)("keeps %s as words", (text, markdown) => {
    expect(renderMarkdown(doc(paragraph(...words(text))))).toBe(markdown);
  });

  const fences: [
    language: string | null,
    fileName: string | null,
    markedLines: string | null,
    fence: string,
  ][] = [
    ["py", "train.py", "2,5-7", "```py file=train.py mark=2,5-7"],
    [null, null, null, "```"],
    [null, "Makefile", null, "```none file=Makefile"],
    ["sql", "my report.sql", null, '```sql file="my report.sql"'],
  ];
  test.each(fences)("fence of %s, %s, %s", (language, fileName, markedLines, fence) => {
    const block: Block = {
      type: "codeBlock",
      attrs: { language, fileName, markedLines },
      content: [{ type: "text", text: "x" }],
    };
    expect(renderMarkdown(doc(block))).toBe(`${fence}\nx\n\`\`\`\n`);
  });
});

describe("reading back what was written", () => {
  test("gives the fixture with every node again", () => {
    const { document, notes } = documentFromMarkdown(renderMarkdown(EVERY_NODE));
    expect(notes).toEqual([]);
    expect(document).toEqual(EVERY_NODE);
  });

  test("gives any document again", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(parseDocument(document)).toMatchObject({ ok: true });
        const markdown = renderMarkdown(document);
        expect(documentFromMarkdown(markdown).document, markdown).toEqual(document);
      }),
      { numRuns: 80 },
    );
  }, 30_000);
});
