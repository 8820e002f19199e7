import { expect, test } from "vitest";
import { troubleIn } from "./trouble";

const entry = (fields: object) => JSON.stringify({ time: "2026-01-01T00:00:00.000Z", ...fields });

test.each([
  ["routine of our log", entry({ level: "info", event: "worker.started", msg: "up" }), false, undefined],
  [
    "an error of our log",
    entry({ level: "error", event: "send.failed", msg: "not sent", error: { message: "refused" } }),
    false,
    "error [send.failed] not sent (refused)",
  ],
  ["a warning without a message", entry({ level: "warn", event: "queue.late" }), false, "warn [queue.late]"],
  ["a line meant for people", "Ready in 394ms", false, undefined],
  ["an error outside of our log", "TypeError: x is not a function", true, "TypeError: x is not a function"],
  ["a line of its stack", "    at read (file.js:1:2)", true, undefined],
  ["JSON of somebody else on the error stream", '{"a":1}', true, '{"a":1}'],
  ["an empty line", "  ", true, undefined],
])("%s", (_, line, fromStderr, expected) => {
  expect(troubleIn(line, fromStderr)).toBe(expected);
});
