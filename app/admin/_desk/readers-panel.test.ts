import { expect, test } from "vitest";
import { growthInWords } from "./readers-panel";

test.each([
  [{ joined: 0, left: 0, closed: 0 }, "0 joined and 0 left"],
  [{ joined: 1_898, left: 2, closed: 0 }, "1,898 joined and 2 left"],
  [{ joined: 1_898, left: 0, closed: 12 }, "1,898 joined, 0 left and 12 addresses were closed"],
  [{ joined: 3, left: 1, closed: 1 }, "3 joined, 1 left and 1 address was closed"],
])("%j is “%s”", (growth, words) => {
  expect(growthInWords(growth)).toBe(words);
});
