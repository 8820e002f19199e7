import { afterEach, expect, test } from "vitest";
import { resolveUncertain } from "@/lib/deliveries/pause";
import { useTestDatabase } from "@/prisma/test-database";
import { planBlows } from "./blows";
import { readLedger } from "./ledger";
import { inspectMail } from "./mail-check";
import { readBodies, readObserverLog } from "./observer-log";
import { judge, sendUnderBlows, waitUntilSettled } from "./run";
import { openStage, type Stage, type StageOptions } from "./stage";
import { wordsOf } from "./words";

/** The rig's small part: real workers, killed, cut off and stopped while they send, against what the observer saw. */

const database = useTestDatabase({ emptyEachTime: true });
const CONNECTIONS = 5;

let stage: Stage | null = null;
afterEach(async () => {
  await stage?.close();
  stage = null;
});

async function open(options: Omit<StageOptions, "databaseUrl">): Promise<Stage> {
  stage = await openStage({ databaseUrl: database.url, connections: CONNECTIONS, ...options });
  return stage;
}

test("killed, frozen, cut off from the mail server, with readers leaving: nobody is lost, nobody mailed twice unlisted", async () => {
  const readers = 400;
  const on = await open({
    readers,
    keepBodies: true,
    faults: { dotDelayMs: 5, laterAfterDot: 0.02, closeOnData: 0.02 },
  });
  const blows = planBlows(11, readers, {
    kill: { times: 2 },
    freeze: { times: 1, size: 500 },
    cut: { times: 1 },
    block: { times: 1, size: 300 },
    unsubscribe: { times: 2, size: 10 },
    flip: { times: 2, size: 10 },
    edit: { times: 1 },
  });
  const sending = await sendUnderBlows(on, { blows, workers: 2, skipWaits: true, limitMs: 60_000 });
  const held = await judge(on, sending);
  expect(wordsOf(held)).toBe("none");
  expect(held).toMatchObject({ duplicatedInWindow: 0, variants: 2, distinctBodies: 2 });
  expect(held.states.UNCERTAIN ?? 0).toBeLessThanOrEqual(2 * CONNECTIONS + 2 * 2 * CONNECTIONS);
  expect(sending.losses).toBe(0);

  const ledger = await readLedger(database.url, sending.issueId);
  const listed = new Set(ledger.filter((row) => row.state === "UNCERTAIN").map((row) => row.email));
  await resolveUncertain(on.db, sending.issueId, "resend");
  await waitUntilSettled(on, sending.issueId, { skipWaits: true, limitMs: 30_000 });
  const resent = await judge(on, sending, { resent: listed });
  expect(wordsOf(resent)).toBe("none");
  expect(resent.duplicatedInWindow).toBeLessThanOrEqual(listed.size);
  expect(Object.keys(resent.states).filter((state) => state !== "SENT" && state !== "SKIPPED")).toEqual([]);

  const known = new Map(ledger.map((row) => [row.email, row]));
  for (const [line, message] of readBodies(on.bodies ?? "", readObserverLog(on.log).bodies)) {
    expect(inspectMail(message, line.to, known)).toEqual([]);
  }
}, 120_000);

test("an issue that is being sent goes on while the next release migrates the database", async () => {
  const readers = 150;
  const on = await open({ readers, faults: { dotDelayMs: 100 } });
  const blows = [10, 60].map((at) => ({ kind: "migrate", at, afterMs: 0, size: 0, worker: 0 }) as const);
  const sending = await sendUnderBlows(on, { blows, workers: 2, limitMs: 60_000 });
  const held = await judge(on, sending);
  expect(wordsOf(held)).toBe("none");
  expect(held.states).toEqual({ SENT: readers });
  expect(sending.deeds.done).toEqual({ migrate: 2 });
  expect(sending.losses).toBe(0);
}, 120_000);
