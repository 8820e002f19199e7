import { expect, test } from "vitest";
import { getPublication } from "@/lib/publication/queries";
import { useTestDatabase } from "@/prisma/test-database";
import { createLeases } from "./leases";
import { ledgerOf } from "./ledger";
import { NO_LIMITS } from "./pace/limits";
import { createPace } from "./pace/pace";
import { countStates, prepareIssue } from "./sending.fixture";
import { createSettler } from "./settle";
import { createSupply } from "./supply";

const database = useTestDatabase({ emptyEachTime: true });

test("what was claimed is given out while the next claim has to wait, as for room in the journal", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 5 });
  const ledger = ledgerOf(db);
  const leases = createLeases(ledger);
  const settler = createSettler(ledger);
  const stop = new AbortController();
  const room = Promise.withResolvers<void>();
  let asked = 0;
  const publication = await getPublication(db);
  const supply = createSupply(ledger, {
    claimedBy: "worker-1",
    room: 2,
    pollMs: 20,
    leases,
    settler,
    pace: createPace(ledger, NO_LIMITS, { nowMs: () => performance.now(), today: async () => new Date() }),
    issue: async () => ({ publication, mails: new Map() }),
    untilClaimable: async () => {
      asked += 1;
      if (asked > 1) await room.promise;
    },
    mayBegin: async () => true,
    signal: stop.signal,
  });
  const [first, second] = await Promise.all([supply.next(), supply.next()]);
  expect([first, second]).toEqual([expect.any(Object), expect.any(Object)]);
  expect(await countStates(db)).toEqual({ SENDING: 2, QUEUED: 3 });
  for (const claim of [first, second]) if (claim) leases.release(claim);
  room.resolve();
  expect(await supply.next()).not.toBeNull();
  stop.abort();
  await supply.close();
});
