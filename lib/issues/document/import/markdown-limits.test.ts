import { describe, expect, test } from "vitest";
import { parseDocument } from "../schema";
import { ImportRefused } from "./import-notes";
import { documentFromMarkdown } from "./markdown";

function outcome(source: string): "refused" | "valid" | "invalid" {
  try {
    return parseDocument(documentFromMarkdown(source).document).ok ? "valid" : "invalid";
  } catch (error) {
    if (error instanceof ImportRefused) return "refused";
    throw error;
  }
}

const MEGABYTE = 1_000_000;
const repeated = (part: string, length = MEGABYTE) => part.repeat(Math.floor(length / part.length));

/** Each was cubic, quadratic or slow for each character in the parser. */
const HOSTILE = [
  "[",
  "]",
  "![",
  "[](",
  "*a ",
  "**a ",
  "_a *",
  "*[a](b)*",
  "[^a]",
  "`a ",
  "~a ",
  "$a ",
  ":a[",
  ":a{",
  "&a",
  "a@",
  "> ",
  "- ",
  "1. ",
  "1) ",
  "> - ",
  ">",
  "\\",
  "<a b=",
  "<!--",
  "a\n",
  "- a\n",
  "a|b\n-|-\n",
  ":::a\n",
  "> :::a\n",
  "[a]: b\n",
  "[^a]: b\n",
  "# a\n",
  "$$\n",
  "\n",
];

describe("a megabyte made to be slow", () => {
  test.each(HOSTILE)("of %j is refused before it is parsed", (part) => {
    expect(outcome(repeated(part))).toBe("refused");
  });

  test.each(["word ", " ", "\t", "é", "word word word word word word word word word\n\n", "|"])(
    "of %j ends in a valid issue or a refusal",
    (part) => {
      expect(outcome(repeated(part, 100_000))).not.toBe("invalid");
    },
  );
});

describe("just within the limits", () => {
  test.each([
    ["marks that wait for a partner", `${repeated("*[a](b)*", 1_400)}\n\n`.repeat(4)],
    ["brackets", `${repeated("]", 1_100)}\n\n`.repeat(5)],
    ["footnote calls", `${repeated("[^a]", 1_500)}\n\n`.repeat(5)],
    ["nested quotes", `${repeated("> ", 60)}a\n\n`.repeat(100)],
    ["nested lists", `${repeated("1. ", 90)}a\n\n`.repeat(100)],
    ["open blocks", repeated(":::note\n", 400)],
    ["lists by indent", Array.from({ length: 90 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")],
  ])("%s are read into a valid issue", (_name, source) => {
    expect(outcome(source)).toBe("valid");
  });

  test("a refusal says what to do", () => {
    expect(() => documentFromMarkdown(repeated("word ", 300_005))).toThrow(/longer than 300,000/);
    expect(() => documentFromMarkdown("a\n".repeat(10_001))).toThrow(/10,000 lines/);
    expect(() => documentFromMarkdown(`ok\n\n${"> ".repeat(40)}a`)).toThrow(/too deeply at line 3/);
  });
});
