import { describe, expect, test } from "vitest";
import type { RefusalStage, SendResult } from "@/lib/mail/mailer";
import { type Outcome, outcomeOf } from "./outcome";

const refused = (
  stage: RefusalStage,
  code: number,
  enhanced: string | null = null,
  words = "words",
): SendResult => ({
  kind: "refused",
  stage,
  code,
  enhanced,
  reply: `${code} ${words}`,
});

describe("what an answer means", () => {
  const cases: [string, SendResult, Outcome["settle"]["state"], Outcome["aboutUs"], boolean][] = [
    ["250", { kind: "accepted", reply: "250 queued" }, "SENT", null, false],
    ["no answer after the last dot", { kind: "uncertain", reason: "closed" }, "UNCERTAIN", null, true],
    ["no connection", { kind: "unreachable", reason: "ECONNREFUSED" }, "QUEUED", null, true],
    ["withheld by us", { kind: "withheld" }, "QUEUED", null, true],
    ["greylisting", refused("recipient", 450, "4.2.0"), "DEFERRED", null, false],
    ["a full mailbox", refused("recipient", 452, "4.2.2"), "DEFERRED", null, false],
    ["an unknown address", refused("recipient", 550, "5.1.1"), "FAILED", null, false],
    ["an unknown address without a code", refused("recipient", 550), "FAILED", null, false],
    ["a refusal of the content by size", refused("content", 552, "5.3.4"), "FAILED", null, false],
    ["a policy against us", refused("recipient", 550, "5.7.1"), "DEFERRED", "if-many", false],
    ["Microsoft's sender rules", refused("content", 550, "5.7.515"), "DEFERRED", "if-many", false],
    ["a day's limit of our own provider", refused("content", 550, "5.4.5"), "DEFERRED", "if-many", false],
    [
      "a sender that our provider has not verified",
      refused("content", 554, null, "Message rejected: Email address is not verified."),
      "DEFERRED",
      "if-many",
      false,
    ],
    ["content that one server takes offence at", refused("content", 554, "5.6.0"), "FAILED", null, false],
    ["a sender that is not believed", refused("recipient", 550, "5.1.8"), "DEFERRED", "if-many", false],
    ["no relaying without a login", refused("recipient", 530), "DEFERRED", "if-many", false],
    [
      "a list of blocked hosts, without a code",
      refused("recipient", 554, null, "Client host blocked using zen.spamhaus.org"),
      "DEFERRED",
      "if-many",
      false,
    ],
    [
      "a policy that only the words name",
      refused("content", 550, "5.0.0", "rejected due to policy"),
      "DEFERRED",
      "if-many",
      false,
    ],
    [
      "Exim's refusal to relay",
      refused("recipient", 550, null, "relay not permitted"),
      "DEFERRED",
      "if-many",
      false,
    ],
    [
      "an unknown address in whose words policy stands",
      refused("recipient", 550, "5.1.1", "unknown, see our policy"),
      "FAILED",
      null,
      false,
    ],
    ["a greeting that has no service for us", refused("connection", 554, "5.7.1"), "QUEUED", "at-once", true],
    ["a greeting of 554 without a code", refused("connection", 554), "QUEUED", "at-once", true],
    ["a refused MAIL FROM", refused("sender", 550, "5.1.7"), "DEFERRED", "at-once", true],
    ["a MAIL FROM that has to wait", refused("sender", 451, "4.7.1"), "DEFERRED", null, false],
    ["a wrong password", refused("login", 535, "5.7.8"), "QUEUED", "at-once", true],
    ["a login that has to wait", refused("login", 454, "4.7.0"), "QUEUED", null, true],
    ["a greeting of 421", refused("connection", 421), "QUEUED", null, true],
    ["421 in the middle", refused("recipient", 421, "4.7.0"), "DEFERRED", null, true],
  ];
  test.each(cases)("%s", (_name, result, state, aboutUs, backOff) => {
    const outcome = outcomeOf(result, 0);
    expect([outcome.settle.state, outcome.aboutUs, outcome.backOff]).toEqual([state, aboutUs, backOff]);
  });
});

test.each<[string, SendResult, Outcome["busy"]]>([
  ["a greeting of 421", refused("connection", 421), "connections"],
  ["no connection", { kind: "unreachable", reason: "ECONNREFUSED" }, "connections"],
  ["a login that has to wait", refused("login", 454, "4.7.0"), "connections"],
  ["421 in the middle", refused("recipient", 421, "4.7.0"), "server"],
  ["a MAIL FROM that has to wait", refused("sender", 451, "4.7.1"), "server"],
  ["454 of a throttled account", refused("content", 454), "server"],
  ["a domain that limits the rate", refused("content", 450, "4.7.28"), "domain"],
  ["greylisting", refused("recipient", 450, "4.2.0"), null],
  ["a policy against us", refused("recipient", 550, "5.7.1"), null],
  ["250", { kind: "accepted", reply: "250 queued" }, null],
])("%s says who cannot bear so much", (_name, result, busy) => {
  expect(outcomeOf(result, 0).busy).toBe(busy);
});

test("waits grow from five minutes to two hours", () => {
  const waits = [0, 1, 2, 3, 4, 20].map((deferrals) => {
    const { settle } = outcomeOf(refused("recipient", 450), deferrals);
    return settle.state === "DEFERRED" ? settle.waitSeconds / 60 : null;
  });
  expect(waits).toEqual([5, 15, 30, 60, 120, 120]);
});

test("after 72 hours of waiting a temporary refusal is final, and keeps its reason", () => {
  let waited = 0;
  let deferrals = 0;
  for (; deferrals < 1_000; deferrals += 1) {
    const { settle } = outcomeOf(refused("recipient", 450, "4.2.0"), deferrals);
    if (settle.state !== "DEFERRED") break;
    waited += settle.waitSeconds;
  }
  expect(waited / 3_600).toBeGreaterThanOrEqual(72);
  expect(waited / 3_600).toBeLessThan(74.1);
  expect(outcomeOf(refused("recipient", 450, "4.2.0"), deferrals).settle).toEqual({
    state: "FAILED",
    code: 450,
    enhanced: "4.2.0",
    reply: "gave up after 72 hours: 450 words",
  });
});
