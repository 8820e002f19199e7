import { describe, expect, test } from "vitest";
import { looksLikeMarkdown } from "./looks-like-markdown";

describe("pasted text is taken for Markdown", () => {
  const texts: [text: string, is: boolean][] = [
    ["## A heading\n\nWords.", true],
    ["- one\n- two", true],
    ["Read [this](https://example.com).\nNow.", true],
    ["```py\nx = 1\n```", true],
    ["Free.\n\n::paywall\n\nPaid.", true],
    ["A **bold** word and `code`.", true],
    ["Just a line.", false],
    ["Two lines\nof prose.", false],
    ["x = a ** b ** c", false],
    ["https://example.com/a_b_c", false],
    ["costs $3 or $5\nand 2*3*4", false],
  ];
  test.each(texts)("%j: %s", (text, is) => {
    expect(looksLikeMarkdown(text)).toBe(is);
  });
});
