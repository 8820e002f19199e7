import { describe, expect, test } from "vitest";
import { countPlaywright, countVitest } from "./test-counts";

const assertions = (...states: string[]) => states.map((status) => ({ status }));

describe("of Vitest", () => {
  test("are its passed and failed tests", () => {
    const testResults = [{ status: "failed", assertionResults: assertions("passed", "failed") }];
    expect(countVitest({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({
      passed: 1,
      failed: 1,
    });
  });

  test("take a file that broke before its first test for a failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countVitest({ numPassedTests: 0, numFailedTests: 0, testResults })).toEqual({
      passed: 0,
      failed: 1,
    });
  });
});

describe("of Playwright", () => {
  test.each([
    [
      "its expected and unexpected results",
      { expected: 3, unexpected: 1, flaky: 0 },
      [],
      { passed: 3, failed: 1 },
    ],
    ["flaky ones as failures", { expected: 3, unexpected: 0, flaky: 1 }, [], { passed: 3, failed: 1 }],
    [
      "a failed set-up as a failure",
      { expected: 0, unexpected: 0, flaky: 0 },
      [{ message: "no Chromium" }],
      { passed: 0, failed: 1 },
    ],
  ])("are %s", (_, stats, errors, expected) => {
    expect(countPlaywright({ stats, errors })).toEqual(expected);
  });
});

test("a report of another shape is refused rather than counted as nothing", () => {
  expect(() => countVitest({})).toThrow();
  expect(() => countPlaywright({})).toThrow();
});
