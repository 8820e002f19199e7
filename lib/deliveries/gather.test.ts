import { expect, test } from "vitest";
import { createGatherer } from "./gather";

/** Answers each question with itself and keeps what was asked together. */
function counter(gathering?: { enough: number; waitMs: number }) {
  const together: number[][] = [];
  const ask = createGatherer(async (questions: readonly number[]) => {
    together.push([...questions]);
    await new Promise((resolve) => setImmediate(resolve));
    return questions;
  }, gathering);
  return { ask, together };
}

test("who asks first waits for nobody, and who asks meanwhile goes together", async () => {
  const { ask, together } = counter();
  const first = ask(1);
  await Promise.resolve();
  expect(await Promise.all([first, ask(2), ask(3)])).toEqual([1, 2, 3]);
  expect(together).toEqual([[1], [2, 3]]);
});

test("enough of them go at once, however long fewer would have waited", async () => {
  const { ask, together } = counter({ enough: 3, waitMs: 60_000 });
  expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([1, 2, 3]);
  expect(together).toEqual([[1, 2, 3]]);
});

test("fewer go when they have waited, and each hears what became of it", async () => {
  const { ask, together } = counter({ enough: 3, waitMs: 5 });
  expect(await Promise.all([ask(1), ask(2)])).toEqual([1, 2]);
  expect(await ask(3)).toBe(3);
  expect(together).toEqual([[1, 2], [3]]);
});

test("those who asked together hear of its failure, the next do not", async () => {
  let asked = 0;
  const ask = createGatherer(
    async (questions: readonly number[]) => {
      asked += 1;
      if (asked === 1) throw new Error("away");
      return questions;
    },
    { enough: 2, waitMs: 60_000 },
  );
  expect(await Promise.allSettled([ask(1), ask(2)])).toMatchObject([
    { status: "rejected" },
    { status: "rejected" },
  ]);
  expect(await Promise.all([ask(3), ask(4)])).toEqual([3, 4]);
});
