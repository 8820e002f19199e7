import { expect, test } from "vitest";
import { Restarts } from "./restarts";

test.each([
  ["three ends within a minute", [0, 1_000, 2_000], [true, true, true]],
  ["a fourth within the minute", [0, 1_000, 2_000, 59_000], [true, true, true, false]],
  ["a fourth after the minute", [0, 1_000, 2_000, 60_001], [true, true, true, true]],
])("%s: started again %s %s", (_name, moments, expected) => {
  const restarts = new Restarts();
  expect(moments.map((moment) => restarts.mayRestart(moment))).toEqual(expected);
});
