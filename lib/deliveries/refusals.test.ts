import { describe, expect, test } from "vitest";
import type { Outcome } from "./outcome";
import { createRefusals } from "./refusals";

const CALM = { aboutUs: null, backOff: false, busy: null } as const;
const sent: Outcome = { ...CALM, settle: { state: "SENT", reply: "" } };
const unknown: Outcome = {
  ...CALM,
  settle: { state: "FAILED", reply: "", code: 550, enhanced: "5.1.1" },
};
const aboutUs = (when: "at-once" | "if-many"): Outcome => ({
  ...CALM,
  settle: { state: "DEFERRED", reply: "", code: 550, enhanced: "5.7.1", waitSeconds: 300 },
  aboutUs: when,
});
const refused = aboutUs("if-many");

type Answer = { domain?: string; outcome: Outcome; nowMs: number };

/** What stops after which answer, as in `domain after 5`; the same twice in a row is told once. */
function stops(answers: readonly Answer[]): string[] {
  const refusals = createRefusals();
  const told: string[] = [];
  for (const [at, answer] of answers.entries()) {
    const stop = refusals.note({ issueId: "issue", domain: "one.example", ...answer });
    if (stop && !told.at(-1)?.startsWith(stop)) told.push(`${stop} after ${at + 1}`);
    if (stop === "issue") break;
  }
  return told;
}

const each = (count: number, answer: (at: number) => Omit<Answer, "nowMs">, everyMs = 1) =>
  Array.from({ length: count }, (_, at) => ({ ...answer(at), nowMs: at * everyMs }));

describe("where nobody else takes the issue", () => {
  test("what no other message can escape stops it at once", () => {
    expect(stops([{ outcome: aboutUs("at-once"), nowMs: 0 }])).toEqual(["issue after 1"]);
  });

  test("five refusals in a row stop it, of one domain or of many", () => {
    expect(stops(each(9, () => ({ outcome: refused })))).toEqual(["issue after 5"]);
    expect(stops(each(9, (at) => ({ domain: `d${at}.example`, outcome: refused })))).toEqual([
      "issue after 5",
    ]);
  });

  test("twenty within a minute stop it, though the same domain takes others between them", () => {
    expect(stops(each(60, (at) => ({ outcome: at % 2 ? sent : refused }), 100))).toEqual(["issue after 39"]);
  });

  test("one now and then stops nothing", () => {
    expect(stops(each(400, (at) => ({ outcome: at % 20 ? sent : refused }), 1_000))).toEqual([]);
  });

  test("unknown addresses stop nothing, however many", () => {
    expect(stops(each(500, () => ({ outcome: unknown })))).toEqual([]);
  });
});

describe("while others take the issue", () => {
  const oneInThree = (count: number, everyMs?: number) =>
    each(
      count,
      (at) => (at % 3 === 2 ? { outcome: refused } : { domain: `d${at % 7}.example`, outcome: sent }),
      everyMs,
    );

  test("the domain that refuses rests after five in a row, and the issue goes on, however large it is", () => {
    expect(stops(oneInThree(300))).toEqual(["domain after 15"]);
    const almostAll = each(200, (at) =>
      at % 50 === 0 ? { domain: "other.example", outcome: sent } : { outcome: refused },
    );
    expect(stops(almostAll)).toEqual(["domain after 6"]);
  });

  test("a domain that takes one has not refused five in a row", () => {
    const every = each(300, (at) => {
      if (at % 3 < 2) return { domain: `d${at % 7}.example`, outcome: sent };
      return { outcome: at % 12 === 2 ? sent : refused };
    });
    expect(stops(every)).toEqual([]);
  });

  test("the issue stops once the others have theirs and it is still refused a minute later", () => {
    const first = oneInThree(30);
    const later = { outcome: refused, nowMs: 30 + 60_001 };
    expect(stops([...first, later])).toEqual(["domain after 15", "issue after 31"]);
  });

  test("many domains that refuse a good part of it stop it", () => {
    const half = each(100, (at) => ({
      domain: at % 2 ? "taking.example" : `d${at}.example`,
      outcome: at % 2 ? sent : refused,
    }));
    expect(stops(half)).toEqual(["issue after 39"]);
  });

  test("many domains that refuse a small part of it do not", () => {
    const few = each(2_000, (at) =>
      at % 10 ? { domain: "taking.example", outcome: sent } : { domain: `d${at}.example`, outcome: refused },
    );
    expect(stops(few)).toEqual([]);
  });
});

test("each issue is counted by itself", () => {
  const refusals = createRefusals();
  const answers = Array.from({ length: 8 }, (_, at) =>
    refusals.note({ issueId: `issue ${at % 2}`, domain: "one.example", outcome: refused, nowMs: at }),
  );
  expect(answers).not.toContain("issue");
});
