import { expect, test } from "vitest";
import { type SendingProgress, type StateCounts, sendingProgress } from "@/lib/deliveries/progress";
import { counts } from "@/lib/deliveries/progress.fixture";
import { pageIsBehind } from "./page-behind";

function progress(
  some: Partial<StateCounts>,
  more: { begun?: boolean; paused?: boolean } = {},
): SendingProgress {
  return sendingProgress({
    audienceFrozen: more.begun ?? true,
    paused: more.paused ? { reason: "Paused by the author." } : null,
    counts: counts({ QUEUED: 9, ...some }),
    later: null,
    mailTrouble: null,
    lately: { sent: 0, seconds: 0 },
  });
}

const BEFORE = progress({ SENT: 1 });

test.each<[string, boolean, SendingProgress, SendingProgress, number]>([
  ["a stage that begins", true, BEFORE, progress({ SENT: 1 }, { paused: true }), 0],
  ["an audience that is there", true, progress({}, { begun: false }), BEFORE, 0],
  [
    "an audience that is still awaited",
    false,
    progress({}, { begun: false }),
    progress({}, { begun: false }),
    60_000,
  ],
  ["nothing new", false, BEFORE, BEFORE, 60_000],
  ["one more that failed", true, BEFORE, progress({ SENT: 1, FAILED: 1 }), 4_000],
  ["one more uncertain", true, BEFORE, progress({ SENT: 1, UNCERTAIN: 1 }), 4_000],
  ["one that waits no more", true, progress({ SENT: 1, DEFERRED: 1 }), BEFORE, 4_000],
  ["one more that left", true, BEFORE, progress({ SENT: 1, SKIPPED: 1 }), 4_000],
  ["one more that failed, a moment later", false, BEFORE, progress({ SENT: 1, FAILED: 1 }), 3_900],
  ["one more that was sent", false, BEFORE, progress({ SENT: 2 }), 4_000],
  ["one more that was sent a while ago", true, BEFORE, progress({ SENT: 2 }), 20_000],
  ["one more on its way", false, BEFORE, progress({ SENT: 1, QUEUED: 8, SENDING: 1 }), 60_000],
])("%s: the page is drawn anew: %s", (_, isBehind, drawn, now, sinceMs) => {
  expect(pageIsBehind(drawn, now, sinceMs)).toBe(isBehind);
});
