import { expect, test } from "vitest";
import { type StateCounts, sendingProgress } from "@/lib/deliveries/progress";
import { counts } from "@/lib/deliveries/progress.fixture";
import type { DeskIssue } from "@/lib/issues/desk-queries";
import { doneAnswer } from "./done-answer";

const now = new Date("2026-12-01T12:00:00Z");

const progressOf = (some: Partial<StateCounts>, isPaused = false) =>
  sendingProgress({
    audienceFrozen: true,
    paused: isPaused ? { reason: "Paused by the author." } : null,
    counts: counts(some),
    later: null,
    mailTrouble: null,
    lately: { sent: 0, seconds: 0 },
  });

const NOT_STARTED = { stage: "not-started" } as const;
const RUNNING = progressOf({ SENT: 20, QUEUED: 2_329 });
const HELD = progressOf({ SENT: 20, QUEUED: 2_329 }, true);
const ONE_HELD = progressOf({ SENT: 20, QUEUED: 1 }, true);
const ALL_OUT = progressOf({ SENT: 2_349 });
const ALL_OUT_HELD = progressOf({ SENT: 2_349 }, true);

const row = {
  kind: "ISSUE",
  state: "DRAFT",
  sendsMail: true,
  scheduledFor: null,
  withdrawnAt: null,
  audienceFrozenAt: null,
  sendingPausedAt: null,
} as DeskIssue["issue"];
const draft = row;
const scheduled = { ...row, state: "SCHEDULED" as const, scheduledFor: now };
const out = { ...row, state: "PUBLISHED" as const, audienceFrozenAt: now };
const held = { ...out, sendingPausedAt: now };
const withdrawn = { ...held, state: "DRAFT" as const, withdrawnAt: now };
const heldBeforeItBegan = { ...held, audienceFrozenAt: null };

test.each([
  ["a moment is confirmed", "scheduled", scheduled, NOT_STARTED, /^Scheduled\./],
  ["one that has come already goes out", "scheduled", out, RUNNING, /^It goes out now\.$/],
  ["not once everybody was sent it", "scheduled", out, ALL_OUT, null],
  ["nor while it is paused", "scheduled", held, HELD, null],
  ["nor once it was taken back", "scheduled", draft, NOT_STARTED, null],
  ["what was taken back goes to nobody", "taken-back", draft, NOT_STARTED, /^Taken back\./],
  ["unless it was scheduled again", "taken-back", scheduled, NOT_STARTED, null],
  ["a pause is told while it lasts", "paused", held, HELD, /^Paused\./],
  ["not after another tab went on", "paused", out, RUNNING, null],
  ["nor when everything is out", "paused", held, ALL_OUT_HELD, null],
  ["a pause that came too late says so", "nothing-to-pause", out, ALL_OUT, /nothing left to pause/],
  ["going on is told while it goes on", "resumed", out, RUNNING, /^Sending goes on\./],
  ["not when it is paused again", "resumed", held, HELD, null],
  ["nor when everything is out", "resumed", out, ALL_OUT, null],
  ["what is withdrawn does not go on", "resumed", withdrawn, HELD, /^Nothing is sent while .* withdrawn/],
  ["withdrawing holds what waits", "withdrawn", withdrawn, HELD, /still waited is paused/],
  [
    "and speaks of no mail where none waits",
    "withdrawn",
    withdrawn,
    ALL_OUT_HELD,
    /^Withdrawn\. Its page is gone\.$/,
  ],
  ["not once it is back", "withdrawn", out, RUNNING, null],
  [
    "putting back says how many still wait",
    "restored",
    held,
    HELD,
    /nobody was mailed .* 2,329 readers still wait /,
  ],
  ["one reader is one", "restored", held, ONE_HELD, / 1 reader still waits /],
  ["an audience to come waits, too", "restored", heldBeforeItBegan, NOT_STARTED, /Its readers still wait /],
  ["where nobody waits it is simply back", "restored", out, ALL_OUT, /^It is back in the archive\.$/],
  ["those missed are sent it", "missed", out, RUNNING, /^It goes to those who were missed, too\.$/],
  ["or were already", "missed", out, ALL_OUT, /^It went to those who were missed, too\.$/],
  ["or wait as all others do", "missed", held, HELD, /once you go on/],
  ["nobody was left", "nobody-missed", out, ALL_OUT, /^Nobody was left/],
  ["a decision is confirmed", "resolved", out, RUNNING, /^Your decision is taken\.$/],
  ["one that was taken before says so", "nothing-to-resolve", out, ALL_OUT, /nothing left to decide/],
  ["a page that was out of date did nothing", "meanwhile", out, RUNNING, /^Nothing was done/],
  ["an address that somebody made up says nothing", "constructor", out, RUNNING, null],
])("%s", (_what, done, issue, progress, words) => {
  const answer = doneAnswer(done, { issue, progress });
  if (words === null) expect(answer).toBeNull();
  else expect(answer?.words).toMatch(words);
});

test("what did not happen is told as a problem", () => {
  const tones = ["resumed", "meanwhile", "not-restored"].map(
    (done) => doneAnswer(done, { issue: withdrawn, progress: HELD })?.tone,
  );
  expect(tones).toEqual(["problem", "problem", "problem"]);
});
