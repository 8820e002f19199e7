import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  answerInWords,
  copyInWords,
  DELIVERY_STATES,
  type DeliveryStateName,
  nextTryInWords,
  stateInWords,
} from "./delivery-states";

const PROJECT = join(import.meta.dirname, "..", "..", "..");

test("nothing that anybody reads says “delivered”: a mail server's yes is all that can be known", () => {
  const files = globSync("{app,emails}/**/*.{ts,tsx}", { cwd: PROJECT }).filter(
    (file) => !file.includes(".test."),
  );
  expect(files.length).toBeGreaterThan(200);
  const claims = files.filter((file) => /\bdelivered\b/i.test(readFileSync(join(PROJECT, file), "utf8")));
  expect(claims).toEqual([]);
});

test("every state has words of its own", () => {
  const words = DELIVERY_STATES.map(stateInWords);
  expect(new Set(words).size).toBe(DELIVERY_STATES.length);
});

const ZONE = { language: "en", timeZone: "America/New_York", now: new Date("2026-12-02T00:00:00Z") };

test.each<[string, DeliveryStateName, string | null, boolean, string]>([
  [
    "who left is told with the moment where the author is",
    "SKIPPED",
    "unsubscribed 2026-12-01T03:58:16.572Z",
    false,
    "unsubscribed Mon 30 Nov, 22:58",
  ],
  ["other reasons to skip stay", "SKIPPED", "not confirmed: pending", false, "not confirmed: pending"],
  [
    "a mail server's words stay as it said them",
    "FAILED",
    "550 refused 2026-12-01T03:58:16Z",
    false,
    "550 refused 2026-12-01T03:58:16Z",
  ],
  ["no answer is nothing", "QUEUED", null, false, ""],
  ["of old mail no words are known", "SENT", null, true, "taken; the words were not kept so long"],
])("an answer in words: %s", (_, state, reply, past, words) => {
  expect(answerInWords({ state, reply, past }, ZONE)).toBe(words);
});

test.each([
  [false, "from Tue 1 Dec, 04:00"],
  [true, "once sending goes on"],
])("a next try while sending is paused (%s) is told as “%s”", (paused, words) => {
  expect(nextTryInWords(new Date("2026-12-01T09:00:00Z"), { ...ZONE, paused })).toBe(words);
});

test("a copy is told by what it holds", () => {
  expect([copyInWords("WHOLE"), copyInWords("TEASER")]).toEqual(["the whole issue", "the free part"]);
});
