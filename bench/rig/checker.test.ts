import { describe, expect, test } from "vitest";
import { type Anomalies, check, type Evidence, type LedgerRow } from "./checker";
import type { BodyLine, StartLine } from "./observer-log";

const row = (email: string, more: Partial<LedgerRow> = {}): LedgerRow => ({
  email,
  subscriberId: `id-${email}`,
  state: "SENT",
  variant: "WHOLE",
  messageId: `<${email}>`,
  attempt: 1,
  code: null,
  enhanced: null,
  reply: null,
  ...more,
});
const body = (to: string, more: Partial<BodyLine> = {}): BodyLine => ({
  kind: "body",
  to,
  recipients: 1,
  messageId: `<${to}>`,
  masked: "m",
  whole: `w-${to}`,
  bytes: 1,
  offset: -1,
  at: 10,
  connection: 1,
  taken: true,
  code: 250,
  ...more,
});
const start = (to: string, mailAt: number): StartLine => ({
  kind: "start",
  to,
  from: "",
  mailAt,
  connection: 1,
});
const evidence = (more: Partial<Evidence>): Evidence => ({
  ledger: [row("a"), row("b")],
  readers: more.ledger?.length ?? 2,
  audienceCount: more.ledger?.length ?? 2,
  starts: [],
  bodies: [body("a"), body("b")],
  unsubscribed: [],
  resent: new Set(),
  ...more,
});

describe("the checker", () => {
  test("finds nothing where the ledger and the observer agree", () => {
    const verdict = check(
      evidence({
        ledger: [
          row("a"),
          row("b", { variant: "TEASER" }),
          row("c", { state: "SKIPPED" }),
          row("d", { state: "FAILED", code: 550 }),
          row("e", { state: "UNCERTAIN" }),
          row("f", { state: "UNCERTAIN" }),
        ],
        bodies: [
          body("a", { taken: false }),
          body("a"),
          body("b", { masked: "teaser" }),
          body("f", { masked: "teaser" }),
        ],
        starts: [start("c", 4)],
        unsubscribed: [{ email: "c", committedAt: 5 }],
      }),
    );
    expect(verdict).toMatchObject({
      count: 0,
      taken: 3,
      distinctBodies: 2,
      variants: 2,
      duplicatedInWindow: 0,
    });
    expect(verdict.states).toEqual({ SENT: 2, SKIPPED: 1, FAILED: 1, UNCERTAIN: 2 });
  });

  const CASES: { kind: keyof Anomalies; what: string; more: Partial<Evidence>; found: string[] }[] = [
    {
      kind: "lost",
      what: "a reader given up without a word of the server",
      more: { ledger: [row("a"), row("b", { state: "FAILED" })], bodies: [body("a")] },
      found: ["b"],
    },
    { kind: "falseSent", what: "SENT that never came", more: { bodies: [body("a")] }, found: ["b"] },
    {
      kind: "falseSent",
      what: "SENT whose only body was refused",
      more: { bodies: [body("a"), body("b", { taken: false, code: 451 })] },
      found: ["b"],
    },
    {
      kind: "duplicatedOutside",
      what: "a second copy to somebody who was never in doubt",
      more: { bodies: [body("a"), body("b"), body("b")] },
      found: ["b"],
    },
    {
      kind: "neverSettled",
      what: "rows left open",
      more: {
        ledger: [row("a", { state: "SENDING" }), row("b", { state: "DEFERRED" })],
        bodies: [],
      },
      found: ["a", "b"],
    },
    {
      kind: "falseUnsent",
      what: "a copy to somebody who was skipped",
      more: { ledger: [row("a"), row("b", { state: "SKIPPED" })] },
      found: ["b"],
    },
    {
      kind: "wrongEnvelope",
      what: "a stranger and a shared envelope",
      more: { bodies: [body("a", { recipients: 2 }), body("b"), body("z")] },
      found: ["a", "z"],
    },
    {
      kind: "wrongMessageId",
      what: "an identifier made anew for a retry",
      more: { bodies: [body("a", { messageId: "<other>", taken: false }), body("a"), body("b")] },
      found: ["a"],
    },
    {
      kind: "wrongMessageId",
      what: "one identifier for two readers",
      more: {
        ledger: [row("a", { messageId: "<x>" }), row("b", { messageId: "<x>" })],
        bodies: [body("a", { messageId: "<x>" }), body("b", { messageId: "<x>" })],
      },
      found: ["a", "b"],
    },
    {
      kind: "changedBytes",
      what: "other bytes of the same variant",
      more: {
        bodies: [body("a"), body("b", { whole: "1" }), body("b", { whole: "2" })],
        resent: new Set("b"),
      },
      found: ["b"],
    },
    {
      kind: "changedBytes",
      what: "a retry of other bytes after an attempt that was refused",
      more: {
        bodies: [body("a"), body("b", { whole: "1", taken: false, code: 451 }), body("b", { whole: "2" })],
      },
      found: ["b"],
    },
    {
      kind: "changedBytes",
      what: "two refused attempts of other bytes",
      more: {
        ledger: [row("a"), row("b", { state: "FAILED", code: 451 })],
        bodies: [
          body("a"),
          body("b", { whole: "1", taken: false, code: 451 }),
          body("b", { whole: "2", taken: false, code: 451 }),
        ],
      },
      found: ["b"],
    },
    {
      kind: "changedBytes",
      what: "another variant to somebody who may have the first",
      more: {
        ledger: [row("a"), row("b"), row("c", { variant: "TEASER" })],
        bodies: [
          body("a"),
          body("b", { at: 12 }),
          body("b", { at: 11, masked: "teaser", whole: "t", code: null }),
          body("c", { masked: "teaser" }),
        ],
        resent: new Set("b"),
      },
      found: ["b"],
    },
    {
      kind: "changedBytes",
      what: "another variant, refused, to somebody who may have the first",
      more: {
        ledger: [row("a"), row("b", { variant: "TEASER" }), row("c", { variant: "TEASER" })],
        bodies: [
          body("a"),
          body("b", { at: 11, masked: "teaser", whole: "t" }),
          body("b", { at: 12, taken: false, code: 451 }),
          body("c", { masked: "teaser" }),
        ],
      },
      found: ["b"],
    },
    {
      kind: "startedAfterLeaving",
      what: "a transaction that began after the reader had left",
      more: { starts: [start("a", 4), start("a", 6)], unsubscribed: [{ email: "a", committedAt: 5 }] },
      found: ["a"],
    },
    {
      kind: "wrongBodies",
      what: "two bodies of one variant",
      more: { bodies: [body("a"), body("b", { masked: "edited" })] },
      found: ["WHOLE: 1 with another body"],
    },
    {
      kind: "wrongBodies",
      what: "a refused body that is no variant's",
      more: { bodies: [body("a"), body("b", { masked: "edited", taken: false, code: 451 }), body("b")] },
      found: ["1 refused with the body of no variant"],
    },
    {
      kind: "wrongBodies",
      what: "the members' text to somebody who gets the teaser",
      more: { ledger: [row("a"), row("b", { variant: "TEASER" })] },
      found: ["TEASER: the body of WHOLE"],
    },
    { kind: "wrongCount", what: "a reader without a row", more: { readers: 3 }, found: ["3 ≠ 2 ≠ 2"] },
    {
      kind: "wrongCount",
      what: "an audience of another size",
      more: { audienceCount: 3 },
      found: ["2 ≠ 3 ≠ 2"],
    },
  ];

  test.each(CASES)("finds $kind: $what", ({ kind, more, found }) => {
    const verdict = check(evidence(more));
    expect(verdict.anomalies[kind]).toEqual(found);
    expect(verdict.count).toBeGreaterThanOrEqual(found.length);
  });

  test("counts a second copy to somebody who had been listed as uncertain, and calls it no anomaly", () => {
    const verdict = check(evidence({ bodies: [body("a"), body("b"), body("b")], resent: new Set("b") }));
    expect(verdict).toMatchObject({ count: 0, duplicatedInWindow: 1 });
  });

  test("who became a member between two attempts gets the other variant, where the first was refused", () => {
    const ledger = [row("a"), row("b"), row("c", { variant: "TEASER" })];
    const teaser = { masked: "teaser", whole: "t" };
    const refused = body("b", { ...teaser, at: 9, taken: false, code: 451 });
    expect(
      check(evidence({ ledger, bodies: [body("a"), refused, body("b"), body("c", teaser)] })),
    ).toMatchObject({ count: 0, distinctBodies: 2, variants: 2 });
  });

  test("who was in doubt and had left before the second copy is skipped, and that is no anomaly", () => {
    const ledger = [row("a"), row("b", { state: "SKIPPED" })];
    expect(check(evidence({ ledger, resent: new Set("b") })).count).toBe(0);
  });
});
