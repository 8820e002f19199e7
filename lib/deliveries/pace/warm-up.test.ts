import { expect, test } from "vitest";
import { warmUpAllowance, warmUpDayFor } from "./warm-up";

const PLAN = { from: "2026-12-01", firstDay: 200 };

test.each([
  ["2026-11-30T23:59:59Z", null],
  ["2026-12-01T00:00:00Z", 200],
  ["2026-12-01T23:59:59Z", 200],
  ["2026-12-02T00:00:00Z", 300],
  ["2026-12-03T12:00:00Z", 450],
  ["2026-12-30T12:00:00Z", 25_566_807],
  ["2026-12-31T00:00:00Z", null],
])("at %s it allows %j", (now, allowance) => {
  expect(warmUpAllowance(PLAN, new Date(now))).toBe(allowance);
});

test("a list of 6,300 has its day in the plan, one of all the world has none", () => {
  expect(warmUpDayFor(PLAN, 6_300)).toBe(10);
  expect(warmUpDayFor(PLAN, 200)).toBe(1);
  expect(warmUpDayFor(PLAN, 8_000_000_000)).toBeNull();
});
