import { expect, test } from "vitest";
import { faultOf } from "./faults";

test.each([
  ["bounce@example.com", "bounce"],
  ["Bounce+42@example.com", "bounce"],
  ["full-3@example.com", "full"],
  ["slow2@example.com", "slow"],
  ["greylist+a@example.com", "greylist"],
  ["drop.x@example.com", "drop"],
  ["fuller@example.com", null],
  ["dropbox@example.com", null],
  ["ann@bounce.example.com", null],
  ["no-bounce@example.com", null],
])("%s asks for %s", (address, fault) => {
  expect(faultOf(address)).toBe(fault);
});
