import { expect, test } from "vitest";
import { languageLabel, markedLineNumbers, plainLines } from "./code";

const ranges: [marked: string | null, lines: number[]][] = [
  [null, []],
  ["2", [2]],
  ["2,5-7", [2, 5, 6, 7]],
  ["7-5", [5, 6, 7]],
  ["0-2", [1, 2]],
  ["9-99999999999", [9, 10]],
  ["50", []],
];
test.each(ranges)("marks %s of ten lines", (marked, lines) => {
  expect([...markedLineNumbers(marked, 10)]).toEqual(lines);
});

const labels: [name: string | null, label: string | null][] = [
  ["py", "Python"],
  ["C++", "C++"],
  ["zig", "zig"],
  ["text", null],
  [null, null],
];
test.each(labels)("calls %s %s", (name, label) => {
  expect(languageLabel(name)).toBe(label);
});

test("plain lines keep empty lines and the last break", () => {
  expect(plainLines("a\n\n")).toHaveLength(3);
});
