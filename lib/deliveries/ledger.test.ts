import { DateTime } from "luxon";
import { describe, expect, test, vi } from "vitest";
import type { Database } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import { suppress } from "@/lib/subscribers/suppress";
import { makeUndoToken, resubscribe, unsubscribe } from "@/lib/subscribers/unsubscribe";
import { keyedHash } from "@/lib/tokens";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type Claim, claimDeliveries, giveBackUnheld, renewLeases } from "./claim";
import { type Ledger, ledgerOf } from "./ledger";
import type { Settlement } from "./outcome";
import { pauseSending, resolveUncertain, resumeSending } from "./pause";
import { getSendingProgress, listDeliveries } from "./queries";
import { isFresh, lookAgain } from "./second-look";
import { countStates, NOW, prepareIssue } from "./sending.fixture";
import { settleDeliveries } from "./settle";

const database = useTestDatabase({ emptyEachTime: true });

async function claim(db: Database, issueId: string, limit = 100, claimedBy = "worker-1"): Promise<Claim[]> {
  const publication = await getPublication(db);
  const { claims, skips } = await claimDeliveries(
    ledgerOf(db),
    { issueId, claimedBy, limit },
    { publication },
  );
  await settleDeliveries(ledgerOf(db), skips);
  return claims;
}
const look = async (db: Database, claim: Claim) => (await lookAgain(ledgerOf(db), [claim]))[0];
const settle = (db: Database, { id, attempt }: Pick<Claim, "id" | "attempt">, settlement: Settlement) =>
  settleDeliveries(ledgerOf(db), [{ id, attempt, settlement }]);
const SENT = { state: "SENT", reply: "250 queued" } as const;
const AGAIN = { state: "QUEUED", reply: null, waitSeconds: 0 } as const;

describe("claiming", () => {
  test("four workers at once take every row once", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 40 });
    const takes = await Promise.all(
      ["a", "b", "c", "d"].flatMap((name) => [claim(db, issue.id, 10, name), claim(db, issue.id, 10, name)]),
    );
    takes.push(await claim(db, issue.id));
    const ids = takes.flat().map((each) => each.id);
    expect(new Set(ids).size).toBe(40);
    expect(ids).toHaveLength(40);
    expect(await countStates(db)).toEqual({ SENDING: 40 });
  });

  test("the variant is what the reader may read at that moment", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 4, issue: { audience: "MEMBERS" } });
    const [member, lapsed, onTrial, free] = readers.map((reader) => reader.id) as [
      string,
      string,
      string,
      string,
    ];
    await createMembership(db, member);
    await createMembership(db, lapsed, { status: "CANCELED", source: "STRIPE" });
    const trialEndsAt = DateTime.utc().plus({ days: 5 });
    await createMembership(db, onTrial, {
      status: "TRIALING",
      source: "STRIPE",
      trialEndsAt: trialEndsAt.toJSDate(),
    });
    const claims = new Map((await claim(db, issue.id)).map((each) => [each.subscriberId, each]));
    expect([member, lapsed, onTrial, free].map((id) => claims.get(id)?.variant)).toEqual([
      "WHOLE",
      "TEASER",
      "WHOLE",
      "TEASER",
    ]);
    expect(claims.get(onTrial)?.statusLine).toContain(
      `on trial until ${trialEndsAt.toFormat("d LLLL yyyy")}`,
    );
  });

  test("who may have a copy already gets the same again, and who has none what they may read now", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 2, issue: { audience: "MEMBERS" } });
    for (const { id } of readers) await createMembership(db, id, { status: "ACTIVE", source: "COMP" });
    const first = await claim(db, issue.id);
    const [uncertain, refused] = first as [Claim, Claim];
    const { id: statusLineId } = await db.statusLine.create({ data: { text: uncertain.statusLine } });
    const copied = { statusLineId, messageHash: -7n, variant: "WHOLE" } as const;
    const later = { state: "DEFERRED", reply: "450", code: 450, enhanced: null, waitSeconds: -1 } as const;
    await settleDeliveries(ledgerOf(db), [
      { ...uncertain, settlement: { state: "UNCERTAIN", reply: "closed" }, copied },
      { ...refused, settlement: later, copied },
    ]);
    await db.membership.deleteMany();
    await resolveUncertain(db, issue.id, "resend");
    const again = new Map((await claim(db, issue.id)).map((each) => [each.id, each]));
    const { variant, statusLine, messageId } = uncertain;
    expect(again.get(uncertain.id)).toMatchObject({ variant, statusLine, messageId });
    expect(again.get(refused.id)).toMatchObject({ variant: "TEASER", messageId: refused.messageId });
    expect(again.get(refused.id)?.statusLine).not.toBe(refused.statusLine);
  });

  test("who was erased is skipped, and the row stays", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 1 });
    await db.subscriber.delete({ where: { id: readers[0]?.id ?? "" } });
    expect(await claim(db, issue.id)).toEqual([]);
    expect(await db.delivery.findFirst()).toMatchObject({ state: "SKIPPED", reply: "erased" });
  });

  test("what it took and does not hold, since the answer was lost, a worker gives back at once", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 5 });
    const [held] = (await claim(db, issue.id, 1)) as [Claim];
    await claim(db, issue.id, 2);
    await claim(db, issue.id, 2, "worker-2");
    const known = { claimedBy: "worker-1", held: [held.id] };
    expect(await giveBackUnheld(ledgerOf(db), known)).toBe(2);
    expect(await countStates(db)).toEqual({ SENDING: 3, QUEUED: 2 });
    expect(await giveBackUnheld(ledgerOf(db), known)).toBe(0);
  });

  test("where the list of closed addresses could not be read, each is looked at again", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 2 });
    const ledger = ledgerOf(db);
    const halfDeaf: Ledger = {
      query: (statement) =>
        statement.text.includes("Suppression") ? Promise.reject(new Error("away")) : ledger.query(statement),
    };
    const request = { issueId: issue.id, claimedBy: "worker-1", limit: 5 };
    const { claims } = await claimDeliveries(halfDeaf, request, {
      publication: await getPublication(db),
    });
    expect(claims.map((each) => isFresh(each, { lastAtMs: () => 0 }))).toEqual([false, false]);
  });

  test("a deferred row comes back when its wait is over, not before", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, { state: "DEFERRED", reply: "450", code: 450, enhanced: null, waitSeconds: 300 });
    expect(await claim(db, issue.id)).toEqual([]);
    await db.delivery.updateMany({ data: { nextAttemptAt: new Date(Date.now() - 1_000) } });
    expect(await claim(db, issue.id)).toMatchObject([{ attempt: 2, deferrals: 1 }]);
  });
});

async function isInTransaction(db: Database): Promise<boolean> {
  const [row] = await db.$queryRaw<{ open: bigint }[]>`
    SELECT count(*) AS open FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction' AND xact_start < clock_timestamp()`;
  return (row?.open ?? 0n) > 0n;
}

describe("looking again", () => {
  test("nobody is mailed after unsubscribing, and who comes back gets the issue after all", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 1 });
    const readerId = readers[0]?.id ?? "";
    const [first] = (await claim(db, issue.id)) as [Claim];
    await unsubscribe(db, readerId, { now: NOW });
    expect(await look(db, first)).toEqual({ go: false, because: "unsubscribed" });
    await settle(db, first, AGAIN);
    expect(await claim(db, issue.id)).toEqual([]);
    expect(await countStates(db)).toEqual({ SKIPPED: 1 });
    await resubscribe(db, makeUndoToken(readerId, NOW), { now: NOW });
    expect(await claim(db, issue.id)).toHaveLength(1);
  });

  test("unsubscribing ends after the message that is on its way, and takes no longer than a second", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 2 });
    const [first] = (await claim(db, issue.id, 1)) as [Claim];
    const [second] = (await claim(db, issue.id, 1)) as [Claim];
    const ended: string[] = [];
    const leaving = unsubscribe(db, first.subscriberId, { now: NOW }).then(() => ended.push("left"));
    await vi.waitUntil(() => isInTransaction(db));
    expect(await look(db, first)).toEqual({ go: true });
    ended.push("settled");
    await settle(db, first, SENT);
    await leaving;
    expect(ended).toEqual(["settled", "left"]);
    expect(await unsubscribe(db, second.subscriberId, { now: NOW })).toBe(true);
    expect(await look(db, second)).toEqual({ go: false, because: "unsubscribed" });
    expect(readers).toHaveLength(2);
  });

  test("an address on the list of closed ones is not mailed, whatever its row says", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 2 });
    const email = readers[0]?.email ?? "";
    await db.suppression.create({ data: { emailHash: keyedHash("address", email), reason: "complained" } });
    expect((await claim(db, issue.id)).map((each) => each.email)).toEqual([readers[1]?.email]);
    const skipped = await db.delivery.findMany({ where: { state: "SKIPPED" } });
    expect(skipped).toMatchObject([{ subscriberId: readers[0]?.id, reply: "suppressed" }]);
  });

  test("an address that was closed after the claim is not mailed", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 2 });
    const email = readers[0]?.email ?? "";
    const claims = await claim(db, issue.id);
    await db.suppression.create({ data: { emailHash: keyedHash("address", email), reason: "complained" } });
    const looks = await lookAgain(ledgerOf(db), claims);
    expect(new Map(claims.map((each, index) => [each.email, looks[index]]))).toEqual(
      new Map([
        [email, { go: false, because: "suppressed" }],
        [readers[1]?.email, { go: true }],
      ]),
    );
  });

  test("a paused issue starts nothing", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await pauseSending(db, issue.id, { reason: "Paused by the author.", now: NOW });
    expect(await look(db, first)).toEqual({ go: false, because: "paused" });
  });

  test("a suppressed reader is not mailed although the row was claimed before", async () => {
    const { db } = database;
    const { issue, readers } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await suppress(db, { email: readers[0]?.email ?? "", reason: "complained" }, { now: NOW });
    expect(await look(db, first)).toEqual({ go: false, because: "suppressed" });
  });

  test("a row that was given to another attempt is lost to the first", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, AGAIN);
    const [second] = (await claim(db, issue.id, 1, "worker-2")) as [Claim];
    expect(await look(db, first)).toEqual({ go: false, because: "lost" });
    expect(await look(db, second)).toEqual({ go: true });
    expect(await renewLeases(ledgerOf(db), [first])).toEqual(new Set());
    expect(await renewLeases(ledgerOf(db), [second])).toEqual(new Set([second.id]));
  });
});

describe("settling", () => {
  test("twice changes nothing the second time", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    expect(await settle(db, first, SENT)).toEqual(new Set([first.id]));
    const row = await db.delivery.findFirst();
    expect(row).toMatchObject({ state: "SENT", reply: "250 queued", leaseUntil: null });
    expect(await settle(db, first, { state: "FAILED", reply: "late", code: 550, enhanced: null })).toEqual(
      new Set(),
    );
    expect(await db.delivery.findFirst()).toEqual(row);
  });

  test("a stale worker's failure does not overwrite the newer attempt", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, AGAIN);
    await claim(db, issue.id, 1, "worker-2");
    expect(await settle(db, first, SENT)).toEqual(new Set());
    expect(await countStates(db)).toEqual({ SENDING: 1 });
  });

  test("says what was on its way", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    const { id } = await db.statusLine.create({ data: { text: "You are on trial." } });
    const copied = { statusLineId: id, messageHash: -7n, variant: "TEASER" } as const;
    const { id: deliveryId, attempt } = first;
    await settleDeliveries(ledgerOf(db), [{ id: deliveryId, attempt, settlement: SENT, copied }]);
    expect(await db.delivery.findFirst()).toMatchObject(copied);
  });

  test("a server's late yes is believed while nobody else has the row", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, { state: "UNCERTAIN", reply: "the worker stopped" });
    expect(await settle(db, first, SENT)).toEqual(new Set([first.id]));
    expect(await countStates(db)).toEqual({ SENT: 1 });
  });

  test("every kind of answer is kept with its reason", async () => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 4 });
    const claims = (await claim(db, issue.id)) as [Claim, Claim, Claim, Claim];
    const settlements: Settlement[] = [
      SENT,
      { state: "FAILED", reply: "550 no such user", code: 550, enhanced: "5.1.1" },
      { state: "DEFERRED", reply: "450 later", code: 450, enhanced: "4.2.0", waitSeconds: 300 },
      { state: "UNCERTAIN", reply: "closed" },
    ];
    await settleDeliveries(
      ledgerOf(db),
      claims.map(({ id, attempt }, at) => ({ id, attempt, settlement: settlements[at] ?? SENT })),
    );
    const rows = await db.delivery.findMany({ orderBy: { id: "asc" } });
    expect(rows.map((row) => [row.state, row.smtpCode, row.enhancedCode, row.sentAt !== null])).toEqual([
      ["SENT", null, null, true],
      ["FAILED", 550, "5.1.1", false],
      ["DEFERRED", 450, "4.2.0", false],
      ["UNCERTAIN", null, null, false],
    ]);
    expect(await getSendingProgress(db, issue.id, { now: new Date() })).toMatchObject({
      stage: "waiting",
      audience: 4,
      open: 1,
    });
    const failed = await listDeliveries(db, { issueId: issue.id, state: "FAILED" });
    expect(failed).toMatchObject({ total: 1, deliveries: [{ reply: "550 no such user" }] });
  });
});

test("resuming tries those at once who waited because of the trouble", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  const [first] = (await claim(db, issue.id)) as [Claim];
  await settle(db, first, {
    state: "DEFERRED",
    reply: "550",
    code: 550,
    enhanced: "5.7.1",
    waitSeconds: 300,
  });
  await pauseSending(db, issue.id, { reason: "refused", now: NOW });
  expect(await resumeSending(db, issue.id)).toBe(true);
  expect(await resumeSending(db, issue.id)).toBe(false);
  expect(await claim(db, issue.id)).toHaveLength(1);
});

test.each(["resend", "leave"] as const)(
  "the author's word on uncertain rows is kept: %s",
  async (decision) => {
    const { db } = database;
    const { issue } = await prepareIssue(db, { readers: 1 });
    const [first] = (await claim(db, issue.id)) as [Claim];
    await settle(db, first, { state: "UNCERTAIN", reply: "closed" });
    expect(await resolveUncertain(db, issue.id, decision)).toBe(1);
    expect(await resolveUncertain(db, issue.id, decision)).toBe(0);
    const again = await claim(db, issue.id);
    expect(again.map((each) => each.messageId)).toEqual(decision === "resend" ? [first.messageId] : []);
  },
);
