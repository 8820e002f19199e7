import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CongestionResult, createCongestion as create } from "./congestion";

beforeEach(() => vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

type Congestion = ReturnType<typeof create>;

const createCongestion = (widest: number) => create(widest, () => performance.now());

async function enter(congestion: Congestion, count: number): Promise<() => number> {
  let inside = 0;
  for (let index = 0; index < count; index += 1) void congestion.begin().then(() => (inside += 1));
  await vi.advanceTimersByTimeAsync(0);
  return () => inside;
}

/** One message from its begin to its end, at this very moment. */
async function send(congestion: Congestion, result: CongestionResult): Promise<void> {
  await congestion.begin();
  congestion.done(result);
}

async function sendWell(congestion: Congestion, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) await send(congestion, "well");
}

/** One alone might be anybody's. */
async function refuseInARow(congestion: Congestion): Promise<void> {
  for (let index = 0; index < 3; index += 1) await send(congestion, "too-much");
}

test("no more are let in than there is width for, and each that ends lets in one", async () => {
  const congestion = createCongestion(3);
  const inside = await enter(congestion, 5);
  expect(inside()).toBe(3);
  congestion.done("well");
  await vi.advanceTimersByTimeAsync(0);
  expect(inside()).toBe(4);
});

test.each(["too-much", "too-many"] as const)(
  "trouble (%s) halves the width once, however many messages it caught",
  async (trouble) => {
    const congestion = createCongestion(16);
    await enter(congestion, 16);
    for (let index = 0; index < 8; index += 1) congestion.done(trouble);
    expect(congestion.width).toBe(8);
    await vi.advanceTimersByTimeAsync(1_000);
    congestion.done(trouble);
    expect(congestion.width).toBe(4);
  },
);

test("it never falls below one, and comes back one by one while all goes well", async () => {
  const congestion = createCongestion(4);
  for (let second = 1; second < 9; second += 1) {
    await send(congestion, "too-many");
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(congestion.width).toBe(1);
  const widths: number[] = [];
  for (let index = 0; index < 70; index += 1) {
    await send(congestion, "well");
    if (congestion.width !== widths.at(-1)) widths.push(congestion.width);
  }
  expect(widths).toEqual([1, 2, 3, 4]);
});

test("what says nothing about the server neither narrows nor widens", async () => {
  const congestion = createCongestion(4);
  await send(congestion, "too-many");
  for (let index = 0; index < 50; index += 1) await send(congestion, "neither");
  expect(congestion.width).toBe(2);
});

test("after too much nothing begins for a second, and then half as many a second as were taken", async () => {
  const congestion = createCongestion(10);
  await sendWell(congestion, 40);
  await refuseInARow(congestion);
  expect(congestion.perSecond).toBe(20);
  let begun = 0;
  const sending = (async () => {
    while (begun < 21) {
      await congestion.begin();
      begun += 1;
      congestion.done("neither");
    }
  })();
  await vi.advanceTimersByTimeAsync(990);
  expect(begun).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBeGreaterThan(15);
  expect(begun).toBeLessThanOrEqual(20);
  await vi.advanceTimersByTimeAsync(1_000);
  await sending;
});

test("a server's limit that nobody told is passed in no two seconds after one another, and mostly used", async () => {
  const LIMIT = 10;
  const congestion = createCongestion(10);
  const seconds = new Map<number, number>();
  let stopped = false;
  const connection = async () => {
    while (!stopped) {
      await congestion.begin();
      const second = Math.floor(performance.now() / 1_000);
      const count = (seconds.get(second) ?? 0) + 1;
      seconds.set(second, count);
      await new Promise((resolve) => setTimeout(resolve, 3));
      congestion.done(count > LIMIT ? "too-much" : "well");
    }
  };
  const connections = Array.from({ length: 10 }, connection);
  await vi.advanceTimersByTimeAsync(120_000);
  stopped = true;
  await vi.advanceTimersByTimeAsync(5_000);
  await Promise.all(connections);
  const counts = Array.from({ length: 120 }, (_, second) => seconds.get(second) ?? 0);
  const tooFull = counts.flatMap((count, second) => (count > LIMIT ? [second] : []));
  expect(tooFull.length).toBeGreaterThan(0);
  expect(
    tooFull.filter((second) => counts[second + 1] !== undefined && tooFull.includes(second + 1)),
  ).toEqual([]);
  const taken = counts.reduce((sum, count) => sum + Math.min(count, LIMIT), 0);
  expect(taken / (120 * LIMIT)).toBeGreaterThan(0.6);
});

test("a server that refuses every twentieth at whatever rate is not starved of mail", async () => {
  const congestion = createCongestion(10);
  let begun = 0;
  let stopped = false;
  const connection = async () => {
    while (!stopped) {
      await congestion.begin();
      begun += 1;
      const refused = begun % 20 === 0;
      await new Promise((resolve) => setTimeout(resolve, 10));
      congestion.done(refused ? "too-much" : "well");
    }
  };
  const connections = Array.from({ length: 10 }, connection);
  await vi.advanceTimersByTimeAsync(60_000);
  stopped = true;
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(connections);
  expect(begun / 60).toBeGreaterThan(100);
});

test("too many connections, and a refusal between two that are taken, say nothing about the rate", async () => {
  const congestion = createCongestion(10);
  await sendWell(congestion, 40);
  for (let index = 0; index < 3; index += 1) await send(congestion, "too-many");
  for (let index = 0; index < 3; index += 1) {
    await send(congestion, "too-much");
    await send(congestion, "well");
  }
  expect(congestion.perSecond).toBeNull();
});

test("a rate that is far from being reached is given up", async () => {
  const congestion = createCongestion(2);
  await sendWell(congestion, 40);
  await refuseInARow(congestion);
  expect(congestion.perSecond).toBe(20);
  await vi.advanceTimersByTimeAsync(1_000);
  for (let message = 0; message < 100; message += 1) {
    await send(congestion, "well");
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(congestion.perSecond).toBeNull();
});

test("whoever waits for a place goes on at once when nothing more is to be sent", async () => {
  const congestion = createCongestion(2);
  await sendWell(congestion, 2);
  await refuseInARow(congestion);
  const stop = new AbortController();
  let through = 0;
  for (let index = 0; index < 5; index += 1) void congestion.begin(stop.signal).then(() => (through += 1));
  await vi.advanceTimersByTimeAsync(0);
  expect(through).toBe(0);
  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(through).toBe(5);
});
