import { expect, it } from "vitest";
import { makeCode, readCode } from "./sign-in-code";

it("makes codes that read back as they are, with no sign that looks like another", () => {
  const codes = Array.from({ length: 500 }, makeCode);
  expect(codes.every((code) => /^[0-9A-HJKMNP-TV-Z]{6}$/.test(code) && readCode(code) === code)).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(490);
});

it.each([
  ["abc-234", "ABC234"],
  [" a b c 2 3 4 ", "ABC234"],
  ["oil234", "011234"],
])("%j is read as %s", (typed, code) => {
  expect(readCode(typed)).toBe(code);
});

it.each([["ABC23"], ["ABC2345"], ["ABCU23"], [""], ["ABC23!"], ["АBC234"]])("%j is no code", (typed) => {
  expect(readCode(typed)).toBeNull();
});
