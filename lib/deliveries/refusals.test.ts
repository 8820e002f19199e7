import { expect, test } from "vitest";
import type { Outcome } from "./outcome";
import { createRefusals } from "./refusals";

const sent: Outcome = { settle: { state: "SENT", reply: "" }, aboutUs: null, backOff: false, busy: null };
const unknown: Outcome = {
  settle: { state: "FAILED", reply: "", code: 550, enhanced: "5.1.1" },
  aboutUs: null,
  backOff: false,
  busy: null,
};
const aboutUs = (when: "at-once" | "if-many"): Outcome => ({
  settle: { state: "DEFERRED", reply: "", code: 550, enhanced: "5.7.1", waitSeconds: 300 },
  aboutUs: when,
  backOff: false,
  busy: null,
});

/** How many outcomes pass until the issue is paused, or null. */
function pausedAfter(outcomes: readonly (readonly [Outcome, number])[]): number | null {
  const refusals = createRefusals();
  const at = outcomes.findIndex(([outcome, nowMs]) => refusals.note("issue", outcome, nowMs));
  return at < 0 ? null : at + 1;
}

test("what no other message can escape pauses at once", () => {
  expect(pausedAfter([[aboutUs("at-once"), 0]])).toBe(1);
});

test("five in a row pause", () => {
  expect(pausedAfter(Array.from({ length: 9 }, (_, at) => [aboutUs("if-many"), at] as const))).toBe(5);
});

test("twenty within a minute pause, though others are taken between them", () => {
  const mixed = Array.from(
    { length: 60 },
    (_, at) => [at % 2 ? sent : aboutUs("if-many"), at * 100] as const,
  );
  expect(pausedAfter(mixed)).toBe(39);
});

test("one receiver who dislikes us, now and then, stops nothing", () => {
  const rare = Array.from(
    { length: 400 },
    (_, at) => [at % 20 ? sent : aboutUs("if-many"), at * 1_000] as const,
  );
  expect(pausedAfter(rare)).toBeNull();
});

test("unknown addresses stop nothing, however many", () => {
  expect(pausedAfter(Array.from({ length: 500 }, (_, at) => [unknown, at] as const))).toBeNull();
});

test("each issue is counted by itself", () => {
  const refusals = createRefusals();
  const answers = Array.from({ length: 8 }, (_, at) =>
    refusals.note(`issue ${at % 2}`, aboutUs("if-many"), at),
  );
  expect(answers).not.toContain(true);
});
