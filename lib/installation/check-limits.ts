/** Limits that the doctor and the health page share. Pure. */
import { type Finding, fail, ok, warn } from "./findings";

const ROOM_WARN = 2 * 2 ** 30;
const ROOM_FAIL = 200 * 2 ** 20;
const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 30_000;

export function judgeRoom(freeBytes: number): Finding {
  const says = `${(freeBytes / 2 ** 30).toFixed(1)} GB free`;
  const advice = "Make room: database, pictures and logs need it.";
  if (freeBytes < ROOM_FAIL) return fail("Disk", says, advice);
  return freeBytes < ROOM_WARN ? warn("Disk", says, advice) : ok("Disk", says);
}

export function judgeClock(differenceMs: number): Finding {
  const size = Math.abs(differenceMs);
  const says = `this machine and the database differ by ${(size / 1_000).toFixed(1)} s`;
  const advice = "Let both keep their clocks by NTP: codes, links and leases depend on it.";
  if (size > CLOCK_FAIL_MS) return fail("Clock", says, advice);
  return size > CLOCK_WARN_MS ? warn("Clock", says, advice) : ok("Clock", says);
}
