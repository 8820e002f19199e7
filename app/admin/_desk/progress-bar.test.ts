import { expect, test } from "vitest";
import { counts } from "@/lib/deliveries/progress.fixture";
import { headline, laterInWords } from "./progress-bar";

test.each([
  ["finished", { SENT: 2_441 }, "Sent to 2,441 readers"],
  ["finished", { SENT: 2_416, FAILED: 25 }, "Sent to 2,416 of 2,441 readers"],
  ["finished", { SENT: 1 }, "Sent to 1 reader"],
  ["finished", { FAILED: 1 }, "Sent to 0 of 1 reader"],
  ["finished", {}, "Sent to 0 readers"],
  ["sending", { SENT: 5, QUEUED: 5 }, "Sending to 10 readers"],
  ["paused", { SENT: 5, QUEUED: 5 }, "Paused, of 10 readers"],
  ["waiting", { SENT: 5, DEFERRED: 5 }, "Waiting to try again, of 10 readers"],
] as const)("%s with %j is told as “%s”", (stage, some, words) => {
  const rows = counts(some);
  const audience = Object.values(rows).reduce((sum, count) => sum + count, 0);
  expect(headline({ stage, audience, counts: rows })).toBe(words);
});

test.each([
  [{ count: 1, minutes: 1 }, "1 of them waits for another 1 min at least"],
  [{ count: 1_200, minutes: 15 }, "1,200 of them wait for another 15 min at least"],
])("%j that wait for their domain are told", (later, words) => {
  expect(laterInWords(later)).toContain(words);
});
