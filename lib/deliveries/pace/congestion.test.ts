import { expect, test } from "vitest";
import { createCongestion } from "./congestion";

async function enter(congestion: ReturnType<typeof createCongestion>, count: number): Promise<() => number> {
  let inside = 0;
  for (let index = 0; index < count; index += 1) void congestion.begin().then(() => (inside += 1));
  await Promise.resolve();
  return () => inside;
}

test("no more are let in than there is width for, and each that ends lets in one", async () => {
  const congestion = createCongestion(3);
  const inside = await enter(congestion, 5);
  expect(inside()).toBe(3);
  congestion.done("well", 0);
  await Promise.resolve();
  expect(inside()).toBe(4);
});

test("trouble halves the width once, however many messages it caught", () => {
  const congestion = createCongestion(16);
  for (let index = 0; index < 8; index += 1) congestion.done("too-much", 100 + index);
  expect(congestion.width).toBe(8);
  congestion.done("too-much", 2_000);
  expect(congestion.width).toBe(4);
});

test("it never falls below one, and comes back one by one while all goes well", () => {
  const congestion = createCongestion(4);
  for (let second = 1; second < 9; second += 1) congestion.done("too-much", second * 1_000);
  expect(congestion.width).toBe(1);
  const widths: number[] = [];
  for (let index = 0; index < 70; index += 1) {
    congestion.done("well", 10_000);
    if (congestion.width !== widths.at(-1)) widths.push(congestion.width);
  }
  expect(widths).toEqual([1, 2, 3, 4]);
});

test("what says nothing about the server neither narrows nor widens", () => {
  const congestion = createCongestion(4);
  congestion.done("too-much", 1_000);
  for (let index = 0; index < 50; index += 1) congestion.done("neither", 2_000);
  expect(congestion.width).toBe(2);
});
