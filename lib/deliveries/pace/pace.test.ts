import { describe, expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import type { Claim } from "../claim";
import { ledgerOf } from "../ledger";
import { giveBackToBudget, takeFromBudget, takeFromDay } from "./budget";
import { NO_LIMITS, type SendingLimits } from "./limits";
import { createPace } from "./pace";

const database = useTestDatabase({ emptyEachTime: true });
const HOUR = { messages: 100, perSeconds: 3_600 };
const ask = (messages: number, scope = "all/3600") => ({ scope, messages, rate: HOUR });

function claimsTo(domain: string, count: number): Claim[] {
  return Array.from({ length: count }, (_, index) => ({
    id: BigInt(index + 1),
    attempt: 1,
    issueId: "issue",
    subscriberId: `${domain}-${index}`,
    email: `reader${index}@${domain}`,
    messageId: "<a@b>",
    deferrals: 0,
    variant: "TEASER",
    lookedAtMs: 0,
    statusLine: "",
  }));
}

let nowMs = 0;
function openPace(limits: Partial<SendingLimits>, today = "2026-12-02T10:00:00Z") {
  nowMs = 1_000_000;
  return createPace(
    ledgerOf(database.db),
    { ...NO_LIMITS, ...limits },
    { nowMs: () => nowMs, today: async () => new Date(today) },
  );
}

describe("a budget", () => {
  test("lets a twentieth leave at once and tells how long the next one waits", async () => {
    const ledger = ledgerOf(database.db);
    expect(await takeFromBudget(ledger, ask(3))).toMatchObject({ messages: 3 });
    const grant = await takeFromBudget(ledger, ask(50));
    expect(grant.messages).toBe(2);
    expect(grant.waitSeconds).toBeGreaterThan(30);
    expect(grant.waitSeconds).toBeLessThan(38);
    expect((await takeFromBudget(ledger, ask(1))).messages).toBe(0);
  });

  test("is one for all who take at the same time", async () => {
    const ledger = ledgerOf(database.db);
    const grants = await Promise.all(Array.from({ length: 12 }, () => takeFromBudget(ledger, ask(1))));
    expect(grants.reduce((sum, grant) => sum + grant.messages, 0)).toBe(5);
  });

  test("gives nobody more than its rate in an hour that begins with what was saved up", async () => {
    const ledger = ledgerOf(database.db);
    let taken = (await takeFromBudget(ledger, ask(100))).messages;
    for (let minute = 1; minute < 60; minute += 1) {
      await database.db.$executeRaw`UPDATE "SendingBudget" SET "idleAt" = "idleAt" - interval '1 minute'`;
      taken += (await takeFromBudget(ledger, ask(100))).messages;
    }
    expect(taken).toBeGreaterThan(90);
    expect(taken).toBeLessThanOrEqual(100);
  });

  test("takes back what was not used", async () => {
    const ledger = ledgerOf(database.db);
    await takeFromBudget(ledger, ask(5));
    await giveBackToBudget(ledger, ask(4));
    expect((await takeFromBudget(ledger, ask(9))).messages).toBe(4);
  });

  test("of a day is given out as fast as it is asked for, and ends", async () => {
    const ledger = ledgerOf(database.db);
    const day = { scope: "warm-up/2026-12-02", messages: 40, allowance: 100 };
    const grants = await Promise.all([1, 2, 3, 4].map(() => takeFromDay(ledger, day)));
    expect(grants.sort((a, b) => a - b)).toEqual([0, 20, 40, 40]);
  });
});

describe("the pace", () => {
  test("without limits allows everything and asks the database nothing", async () => {
    const pace = openPace({});
    expect(await pace.allow(20)).toMatchObject({ messages: 20, waitSeconds: 0 });
    expect((await pace.sort(claimsTo("example.com", 20))).go).toHaveLength(20);
    expect(await database.db.sendingBudget.count()).toBe(0);
  });

  test("of several limits the narrowest counts, and what it refuses is left to the others", async () => {
    const pace = openPace({ overall: [{ messages: 400, perSeconds: 3_600 }, HOUR] });
    expect((await pace.allow(50)).messages).toBe(5);
    const wider = openPace({ overall: [{ messages: 400, perSeconds: 3_600 }] });
    expect((await wider.allow(50)).messages).toBe(15);
  });

  test("a warm-up plan stops for the day when its allowance is used", async () => {
    const pace = openPace({ warmUp: { from: "2026-12-02", firstDay: 30 } });
    expect((await pace.allow(20)).messages).toBe(20);
    const rest = await pace.allow(20);
    expect(rest.messages).toBe(10);
    await rest.giveBack(4);
    expect((await pace.allow(20)).messages).toBe(4);
    expect((await pace.allow(20)).messages).toBe(0);
    expect(
      (await openPace({ warmUp: { from: "2026-12-02", firstDay: 30 } }, "2026-12-03T00:00:00Z").allow(20))
        .messages,
    ).toBe(20);
  });

  test("a domain with a rate of its own holds up no other, and who waits is spread out", async () => {
    const pace = openPace({ domains: new Map([["slow.test", { messages: 2, perSeconds: 1 }]]) });
    const { go, wait } = await pace.sort([...claimsTo("slow.test", 5), ...claimsTo("fast.test", 5)]);
    expect(go.filter((claim) => claim.email.endsWith("fast.test"))).toHaveLength(5);
    expect(go.filter((claim) => claim.email.endsWith("slow.test"))).toHaveLength(1);
    const waits = wait.map(({ seconds }) => seconds);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect((waits.at(-1) ?? 0) - (waits[0] ?? 0)).toBeCloseTo(1.5, 1);
  });

  test("no more are on their way to a domain than it may have, until one of them is done", async () => {
    const pace = openPace({ domainConnections: 2 });
    const [first, ...others] = claimsTo("example.com", 4);
    const sorted = await pace.sort([first as Claim, ...others]);
    expect([sorted.go.length, sorted.wait.length]).toEqual([2, 2]);
    pace.finished(first as Claim);
    expect((await pace.sort(others)).go).toHaveLength(1);
  });

  test("a domain that says it is too much rests, longer each time, until it takes one again", async () => {
    const pace = openPace({});
    const [claim] = claimsTo("busy.test", 1) as [Claim];
    const restOf = async () => (await pace.sort([claim])).wait[0]?.seconds ?? 0;
    pace.tooMuch(claim);
    pace.tooMuch(claim);
    expect(await restOf()).toBeGreaterThanOrEqual(15);
    expect(await restOf()).toBeLessThan(17);
    nowMs += 16_000;
    expect(await restOf()).toBe(0);
    pace.tooMuch(claim);
    expect(await restOf()).toBeGreaterThanOrEqual(30);
    pace.taken(claim);
    expect(await restOf()).toBe(0);
  });

  test("after its rest a domain gets one to see, and all once it took that", async () => {
    const pace = openPace({});
    const [probe, ...others] = claimsTo("busy.test", 5) as [Claim, ...Claim[]];
    pace.tooMuch(probe);
    nowMs += 16_000;
    const sorted = await pace.sort([probe, ...others]);
    expect([sorted.go, sorted.wait.length]).toEqual([[probe], 4]);
    expect((await pace.sort(others)).go).toEqual([]);
    pace.taken(probe);
    expect((await pace.sort(others)).go).toEqual(others);
  });

  test("all domains are awake once the issue was paused", async () => {
    const pace = openPace({});
    const claims = claimsTo("busy.test", 3) as [Claim, ...Claim[]];
    pace.tooMuch(claims[0]);
    expect((await pace.sort(claims)).go).toEqual([]);
    pace.wakeAll();
    expect((await pace.sort(claims)).go).toEqual(claims);
  });
});
