import { describe, expect, test } from "vitest";
import type { BounceKind } from "@/prisma/generated/enums";
import { classify } from "./classify";
import { bounceScore, verdictOn } from "./score";

describe("what a refusal says", () => {
  test.each<
    [words: string, status: string | null, code: number | null, kind: BounceKind | null, read: string | null]
  >([
    ["550 5.1.1 no such user", "5.1.1", 550, "HARD", "5.1.1"],
    ["user unknown", null, 550, "HARD", null],
    [
      "smtp; 550-5.1.1 The email account that you tried to reach does not exist",
      "5.0.0",
      null,
      "HARD",
      "5.1.1",
    ],
    [
      "554 delivery error: dd This user doesn't have a yahoo.com account [-5]",
      "5.0.0",
      null,
      "HARD",
      "5.0.0",
    ],
    ["550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10", 550, "HARD", "5.1.10"],
    ["mailbox full", "5.2.2", 552, "HARD", "5.2.2"],
    ["mailbox full", "4.2.2", 452, "SOFT", "4.2.2"],
    ["gave up after 72 hours: 451 try later", null, 451, "SOFT", null],
    ["451 4.4.1 timeout from 10.5.1.1", null, null, "SOFT", "4.4.1"],
    ["connect to 192.0.2.5 5.6.7.8 refused", null, null, null, null],
    ["550 5.7.1 rejected as spam", "5.7.1", 550, "POLICY", "5.7.1"],
    ["550 5.7.26 unauthenticated", "5.0.0", 550, "POLICY", "5.7.26"],
    ["421 4.7.28 unusual rate", "4.7.28", 421, "POLICY", "4.7.28"],
    ["sender domain does not exist", "5.1.8", 550, "POLICY", "5.1.8"],
    ["554 Service unavailable; Client host blocked using zen.spamhaus.org", null, 554, "POLICY", null],
    ["550 rejected due to policy", "5.0.0", 550, "POLICY", "5.0.0"],
    ["550 relay not permitted", null, 550, "POLICY", null],
    ["554 <a@example.com>: Relay access denied", null, 554, "POLICY", null],
    ["Daily user sending limit exceeded", "5.4.5", 550, "POLICY", "5.4.5"],
    ["554 Message rejected: Email address is not verified.", null, 554, "POLICY", null],
    ["554 Message rejected: Sending suspended for this account.", null, 554, "POLICY", null],
    ["554 5.2.252 SendAsDenied; not allowed to send as that", "5.2.252", 554, "POLICY", "5.2.252"],
    ["554 5.2.0 STOREDRV.Submission; SendAsDeniedException.MapiException", "5.2.0", 554, "POLICY", "5.2.0"],
    ["550 The from address does not match a verified Sender Identity", null, 550, "POLICY", null],
    ["550 5.1.0 sender rejected", "5.1.0", 550, "POLICY", "5.1.0"],
    ["550 5.2.0 Message rejected due to DMARC", "5.2.0", 550, "POLICY", "5.2.0"],
    ["552 5.3.4 message too big", "5.3.4", 552, "POLICY", "5.3.4"],
    ["554 5.6.0 content rejected", "5.6.0", 554, "POLICY", "5.6.0"],
    ["550 5.5.4 invalid arguments", "5.5.4", 550, "POLICY", "5.5.4"],
    ["550 5.5.0 Requested action not taken: mailbox unavailable", "5.5.0", 550, "HARD", "5.5.0"],
    ["The email account that you tried to reach is disabled", "5.2.1", 550, "HARD", "5.2.1"],
    ["550 5.4.1 Recipient address rejected: Access denied", "5.4.1", 550, "HARD", "5.4.1"],
    ["user unknown, no spam here", "5.1.1", 550, "HARD", "5.1.1"],
    ["250 2.0.0 ok", "2.0.0", 250, null, "2.0.0"],
    ["", null, null, null, null],
    ["05.01.01", "05.01.01", 550, "HARD", null],
    ["nothing", "9.9.9", null, null, null],
  ])("%s (%s, %s) is %s", (words, status, code, kind, read) => {
    expect(classify({ words, status, code })).toEqual(kind === null ? null : { kind, status: read });
  });
});

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1, 12);
const on = (day: number) => new Date(START + day * DAY);
const bounces = (list: [BounceKind, number, string?][]) =>
  list.map(([kind, day, status]) => ({ kind, at: on(day), status: status ?? "5.2.1" }));

describe("when an address is closed", () => {
  test.each<[string, [BounceKind, number, string?][], day: number, score: number, verdict: string | null]>([
    ["nothing came back", [], 0, 0, null],
    ["no such mailbox, once", [["HARD", 0, "5.1.1"]], 0, 2, "bounced"],
    ["a domain without mail, once", [["HARD", 0, "5.1.10"]], 0, 2, "bounced"],
    ["no such mailbox, long ago", [["HARD", 0, "5.1.1"]], 400, 0, "bounced"],
    ["another hard bounce", [["HARD", 0]], 0, 2, null],
    [
      "two hard bounces",
      [
        ["HARD", 0],
        ["HARD", 7],
      ],
      7,
      4,
      "bounced",
    ],
    [
      "two hard bounces on one day",
      [
        ["HARD", 0],
        ["HARD", 0.3],
      ],
      0.3,
      2,
      null,
    ],
    [
      "the harder of one day",
      [
        ["SOFT", 0],
        ["HARD", 0.1],
        ["SOFT", 0.2],
      ],
      0.2,
      2,
      null,
    ],
    [
      "three soft ones",
      [
        ["SOFT", 0],
        ["SOFT", 7],
        ["SOFT", 14],
      ],
      14,
      3,
      null,
    ],
    [
      "four soft ones",
      [
        ["SOFT", 0],
        ["SOFT", 7],
        ["SOFT", 14],
        ["SOFT", 21],
      ],
      21,
      4,
      "bounced",
    ],
    [
      "four soft ones on one day",
      [
        ["SOFT", 0],
        ["SOFT", 0.1],
        ["SOFT", 0.2],
        ["SOFT", 0.3],
      ],
      1,
      1,
      null,
    ],
    [
      "a month without between",
      [
        ["HARD", 0],
        ["HARD", 31],
      ],
      31,
      2,
      null,
    ],
    [
      "not quite a month between",
      [
        ["HARD", 0],
        ["HARD", 30],
      ],
      30,
      4,
      "bounced",
    ],
    [
      "a month since",
      [
        ["SOFT", 0],
        ["HARD", 1],
      ],
      33,
      0,
      null,
    ],
    [
      "not quite a month since",
      [
        ["SOFT", 0],
        ["HARD", 1],
      ],
      30,
      3,
      null,
    ],
    [
      "in any order",
      [
        ["HARD", 7],
        ["HARD", 0],
      ],
      7,
      4,
      "bounced",
    ],
    [
      "we were refused ten times",
      Array.from({ length: 10 }, (_, day) => ["POLICY", day, "5.7.1"]),
      10,
      0,
      null,
    ],
    ["a complaint", [["COMPLAINT", 0]], 0, 0, "complained"],
    [
      "a complaint after bounces",
      [
        ["HARD", 0, "5.1.1"],
        ["COMPLAINT", 1],
      ],
      1,
      2,
      "complained",
    ],
  ])("%s", (_name, list, day, score, verdict) => {
    expect(bounceScore(bounces(list), on(day))).toBe(score);
    expect(verdictOn(bounces(list), on(day))).toBe(verdict);
  });
});
