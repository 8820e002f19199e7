import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMailer } from "@/lib/mail/mailer";
import { startTestServer } from "@/lib/mail/smtp.fixture";
import { getPublication } from "@/lib/publication/queries";
import { useTestDatabase } from "@/prisma/test-database";
import { type Claim, claimDeliveries } from "./claim";
import { openJournal } from "./journal";
import { createLeases } from "./leases";
import { type Ledger, ledgerOf } from "./ledger";
import { sendDeliveries } from "./send";
import { countStates, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

/** One delivery, claimed and held since second 0 of a clock that only the test moves. */
async function holdOne(ledger: Ledger = ledgerOf(database.db)) {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const request = { issueId: issue.id, claimedBy: "worker-1", limit: 1 };
  const { claims } = await claimDeliveries(ledgerOf(db), request, { publication: await getPublication(db) });
  const [claim] = claims;
  if (!claim) throw new Error("There is nothing to claim.");
  const clock = { seconds: 0 };
  const leases = createLeases(ledger, () => clock.seconds * 1_000);
  leases.hold([claim], 0);
  return { claim, clock, leases };
}

/** As the row stands after so many seconds, without waiting for them. */
async function age(seconds: number): Promise<void> {
  await database.db.$executeRaw`
    UPDATE "Delivery" SET "leaseUntil" = "leaseUntil" - make_interval(secs => ${seconds}::float8)`;
}

async function leaseUntil(): Promise<number> {
  const row = await database.db.delivery.findFirstOrThrow();
  return row.leaseUntil?.getTime() ?? 0;
}

describe("a delivery that is held", () => {
  test("is ours for less than the minute that the database gives it", async () => {
    const { claim, clock, leases } = await holdOne();
    clock.seconds = 58.9;
    expect(leases.isOurs(claim)).toBe(true);
    clock.seconds = 61;
    expect(leases.isOurs(claim)).toBe(false);
  });

  test("and renewed in time stays ours beyond the first minute, here and in the database", async () => {
    const { claim, clock, leases } = await holdOne();
    const first = await leaseUntil();
    await age(45);
    clock.seconds = 45;
    await leases.renew();
    expect(await leaseUntil()).toBeGreaterThanOrEqual(first);
    clock.seconds = 61;
    expect(leases.isOurs(claim)).toBe(true);
    clock.seconds = 105;
    expect(leases.isOurs(claim)).toBe(false);
  });

  test("and lost to another attempt stays lost, and the other's lease is left alone", async () => {
    const { claim, clock, leases } = await holdOne();
    await database.db.delivery.updateMany({ data: { attempt: { increment: 1 } } });
    const others = await leaseUntil();
    await age(45);
    clock.seconds = 45;
    await leases.renew();
    expect(await leaseUntil()).toBe(others - 45_000);
    clock.seconds = 61;
    expect(leases.isOurs(claim)).toBe(false);
  });

  test("and not renewed in time is not asked for again", async () => {
    const { claim, clock, leases } = await holdOne();
    const first = await leaseUntil();
    await age(61);
    clock.seconds = 61;
    await leases.renew();
    expect(leases.isOurs(claim)).toBe(false);
    expect(await leaseUntil()).toBe(first - 61_000);
  });

  test("and released while it was being renewed is not held again", async () => {
    const ledger = ledgerOf(database.db);
    const { claim, leases } = await holdOne({
      query: async (statement) => {
        const rows = await ledger.query<never>(statement);
        leases.release(claim);
        return rows;
      },
    });
    await leases.renew();
    expect(leases.count).toBe(0);
    expect(leases.isOurs(claim)).toBe(false);
  });

  test("and claimed anew while it was being renewed is held as the new attempt", async () => {
    const ledger = ledgerOf(database.db);
    let next: Claim | undefined;
    const { claim, leases } = await holdOne({
      query: async (statement) => {
        const rows = await ledger.query<never>(statement);
        leases.release(claim);
        next = { ...claim, attempt: claim.attempt + 1 };
        leases.hold([next], 0);
        return rows;
      },
    });
    await leases.renew();
    if (!next) throw new Error("Nothing was renewed.");
    expect([leases.isOurs(claim), leases.isOurs(next)]).toEqual([false, true]);
    leases.release(next);
    expect(leases.count).toBe(0);
  });

  test("keeps the time it has when a renewal fails, and no more", async () => {
    const { claim, clock, leases } = await holdOne({
      query: async () => {
        throw new Error("away");
      },
    });
    clock.seconds = 45;
    await leases.renew();
    expect(leases.isOurs(claim)).toBe(true);
    clock.seconds = 61;
    expect(leases.isOurs(claim)).toBe(false);
  });
});

describe("while messages are sent", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "masthead-leases-"));
    // Only these: the database and the mail server go on by the real clock.
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });

  test("one whose answer takes long has its lease renewed well before the end", async () => {
    const { db } = database;
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const server = await startTestServer({
      server: {
        onData(stream, _session, done) {
          stream.resume();
          stream.on("end", () => {
            asked.resolve();
            void answer.promise.then(() => done(null, "queued at last"));
          });
        },
      },
    });
    const mailer = createMailer(server.url, { connections: 1 });
    await prepareIssue(db, { readers: 1 });
    const stop = new AbortController();
    const journal = openJournal(folder);
    const sending = sendDeliveries(db, { mailer, journal, signal: stop.signal, pollMs: 20 });
    try {
      await asked.promise;
      const first = await leaseUntil();
      await age(30);
      vi.advanceTimersByTime(30_000);
      await vi.waitFor(async () => expect(await leaseUntil()).toBeGreaterThanOrEqual(first), 15_000);
    } finally {
      answer.resolve();
      stop.abort();
      await sending;
      await mailer.close();
      await server.close();
    }
    expect(await countStates(db)).toEqual({ SENT: 1 });
  });
});
