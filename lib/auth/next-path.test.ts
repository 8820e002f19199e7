import { expect, it } from "vitest";
import { safeNextPath } from "./next-path";

it.each([
  ["/"],
  ["/p/issue-4"],
  ["/p/issue-4?from=mail"],
  ["/account"],
  ["/archive?page=2"],
  ["/join?issue=issue-4"],
  ["/admin/issues/7"],
])("%s is a place to go on to", (path) => {
  expect(safeNextPath(path)).toBe(path);
});

it.each([
  ["//evil.test"],
  ["/\\evil.test"],
  ["\\\\evil.test"],
  ["javascript:alert(1)"],
  ["https:evil.test"],
  ["https://evil.test/p/x"],
  ["%2f%2fevil.test"],
  ["/%2f%2fevil.test"],
  ["/p/%2F..%2F..%2Fevil"],
  ["/p/%5cevil"],
  ["\t//evil.test"],
  ["/\t/evil.test"],
  ["/p/\nx"],
  ["/p/..//evil.test"],
  ["/api/unsubscribe"],
  ["/accounting"],
  ["/p/ü"],
  [""],
  ["archive"],
  [`/p/${"a".repeat(600)}`],
  [undefined],
  [["/p/a", "/p/b"]],
])("%j leads to the account instead", (value) => {
  expect(safeNextPath(value)).toBe("/account");
});

it("never leaves the site, whatever survives", () => {
  for (const value of ["/p/..//evil.test", "/p/../..//evil.test", "/p/.%2e//evil.test", "/p/@evil.test"]) {
    expect(new URL(safeNextPath(value), "https://weekly.example").origin).toBe("https://weekly.example");
  }
});
