import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Ledger } from "./ledger";
import { createSettler, type Settle } from "./settle";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A ledger that counts what it is asked and says of row 1 that it was changed. */
function countingLedger() {
  const asked = { times: 0 };
  const ledger: Ledger = {
    query: async <Row>() => {
      asked.times += 1;
      return [{ id: 1n }] as Row[];
    },
  };
  return { ledger, asked };
}

const answer = (id: bigint): Settle => ({
  id,
  attempt: 1,
  settlement: { state: "SENT", reply: "250 queued" },
});

test.each([1, 4, 40])(
  "with %d connections an answer that comes alone is in the ledger within a fiftieth of a second",
  async (connections) => {
    const { ledger, asked } = countingLedger();
    const settled = createSettler(ledger, { connections }).settle(answer(1n));
    await vi.advanceTimersByTimeAsync(20);
    expect(asked.times).toBe(1);
    expect(await settled).toBe(true);
  },
);

test("answers that come together go in one statement, and each hears whether its own row was changed", async () => {
  const { ledger, asked } = countingLedger();
  const settler = createSettler(ledger, { connections: 8 });
  const settled = Promise.all([settler.settle(answer(1n)), settler.settle(answer(2n))]);
  await vi.advanceTimersByTimeAsync(20);
  expect(await settled).toEqual([true, false]);
  expect(asked.times).toBe(1);
});
