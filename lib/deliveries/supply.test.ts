import { expect, test } from "vitest";
import { getPublication } from "@/lib/publication/queries";
import { useTestDatabase } from "@/prisma/test-database";
import { createBell } from "./bell";
import type { Claim } from "./claim";
import { createLeases, type Leases } from "./leases";
import { type Ledger, ledgerOf } from "./ledger";
import { NO_LIMITS } from "./pace/limits";
import { createPace } from "./pace/pace";
import { resolveUncertain } from "./pause";
import { countStates, prepareIssue } from "./sending.fixture";
import { createSettler } from "./settle";
import { createSupply } from "./supply";

const database = useTestDatabase({ emptyEachTime: true });

type Options = Parameters<typeof createSupply>[1];

function openSupply(
  ledger: Ledger,
  options: Pick<Options, "pollMs" | "issue" | "signal"> & Partial<Options>,
) {
  const leases = createLeases(ledger);
  const supply = createSupply(ledger, {
    claimedBy: "worker-1",
    room: 2,
    leases,
    settler: createSettler(ledger),
    bell: createBell(),
    pace: createPace(ledger, NO_LIMITS, { nowMs: () => performance.now(), today: async () => new Date() }),
    untilClaimable: async () => undefined,
    mayBegin: async () => true,
    ...options,
  });
  return { supply, leases };
}

test("what was claimed is given out while the next claim has to wait, as for room in the journal", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 5 });
  const stop = new AbortController();
  const room = Promise.withResolvers<void>();
  let asked = 0;
  const publication = await getPublication(db);
  const { supply, leases } = openSupply(ledgerOf(db), {
    pollMs: 20,
    issue: async () => ({ publication, mails: new Map() }),
    untilClaimable: async () => {
      asked += 1;
      if (asked > 1) await room.promise;
    },
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

test("what a lost answer had claimed is given back at the end", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 3 });
  const publication = await getPublication(db);
  const stop = new AbortController();
  const ledger = ledgerOf(db);
  const lossy: Ledger = {
    async query<Row>(statement: Parameters<Ledger["query"]>[0]) {
      const rows = await ledger.query<Row>(statement);
      if (!statement.text.includes("SKIP LOCKED")) return rows;
      stop.abort();
      throw new Error("The connection ended before the answer came.");
    },
  };
  const { supply } = openSupply(lossy, {
    pollMs: 20,
    issue: async () => ({ publication, mails: new Map() }),
    signal: stop.signal,
  });
  expect(await supply.next()).toBeNull();
  expect(await countStates(db)).toEqual({ SENDING: 2, QUEUED: 1 });
  expect(await supply.close()).toEqual([]);
  expect(await countStates(db)).toEqual({ QUEUED: 3 });
});

test("whoever found nothing due looks again as soon as the bell is rung", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  await db.delivery.updateMany({ data: { state: "UNCERTAIN" } });
  const publication = await getPublication(db);
  const stop = new AbortController();
  const looked = Promise.withResolvers<void>();
  const ledger = ledgerOf(db);
  const watched: Ledger = {
    query: (statement) => ledger.query<never>(statement).finally(() => looked.resolve()),
  };
  const bell = createBell();
  const { supply } = openSupply(watched, {
    pollMs: 3_600_000,
    issue: async () => ({ publication, mails: new Map() }),
    bell,
    signal: stop.signal,
  });
  const first = supply.next();
  await looked.promise;
  await resolveUncertain(db, issue.id, "resend");
  bell.ring();
  expect((await first) ?? (await supply.next())).toMatchObject({ issueId: issue.id });
  stop.abort();
  await supply.close();
});

test("never more than twice the connections are held, and one that is settled makes room for the next", async () => {
  const { db } = database;
  await prepareIssue(db, { readers: 12 });
  const publication = await getPublication(db);
  const stop = new AbortController();
  const ledger = ledgerOf(db);
  const held = createLeases(ledger);
  const full = Promise.withResolvers<string>();
  const leases: Leases = {
    ...held,
    get count() {
      return held.count;
    },
    nextRelease: () => {
      full.resolve("waits for room");
      return held.nextRelease();
    },
  };
  const { supply } = openSupply(ledger, {
    pollMs: 20,
    issue: async () => ({ publication, mails: new Map() }),
    leases,
    room: 2,
    signal: stop.signal,
  });
  const given: Claim[] = [];
  while (given.length < 4) {
    const claim = await supply.next();
    if (claim) given.push(claim);
  }
  const fifth = supply.next();
  expect(await Promise.race([full.promise, fifth.then(() => "given")])).toBe("waits for room");
  expect(await countStates(db)).toEqual({ SENDING: 4, QUEUED: 8 });
  for (const claim of given.splice(0, 1)) leases.release(claim);
  // Where one release makes room for a claim, that one is given out.
  expect((await fifth) ?? (await supply.next())).toMatchObject({ attempt: 1 });
  expect(leases.count).toBe(4);
  stop.abort();
  for (const claim of given) leases.release(claim);
  await supply.close();
});
