import { expect, test } from "vitest";
import { createBell } from "./bell";

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

test("a wait ends when the bell is rung, and the next one waits again", async () => {
  const bell = createBell();
  const waiting = bell.wait(HOUR_MS, never);
  bell.ring();
  await waiting;
  const ended: string[] = [];
  const next = bell.wait(HOUR_MS, never).then(() => ended.push("rung"));
  await bell.wait(5, never).then(() => ended.push("time over"));
  bell.ring();
  await next;
  expect(ended).toEqual(["time over", "rung"]);
});

test("rung while nobody waits, it ends the next wait, once", async () => {
  const bell = createBell();
  bell.ring();
  bell.ring();
  await bell.wait(HOUR_MS, never);
  const stop = new AbortController();
  const waiting = bell.wait(HOUR_MS, stop.signal).then(() => stop.signal.aborted);
  stop.abort();
  expect(await waiting).toBe(true);
});
