import { expect, test, vi } from "vitest";
import type { Database } from "@/lib/db";
import { suppress } from "@/lib/subscribers/suppress";
import { makeUndoToken, resubscribe, unsubscribe } from "@/lib/subscribers/unsubscribe";
import { keyedHash } from "@/lib/tokens";
import { useTestDatabase } from "@/prisma/test-database";
import { type Claim, renewLeases } from "./claim";
import { ledgerOf } from "./ledger";
import { AGAIN, claim, SENT, settle } from "./ledger.fixture";
import { pauseSending } from "./pause";
import { lookAgain } from "./second-look";
import { countStates, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

const look = async (db: Database, claim: Claim) => (await lookAgain(ledgerOf(db), [claim]))[0];

async function isInTransaction(db: Database): Promise<boolean> {
  const [row] = await db.$queryRaw<{ open: bigint }[]>`
    SELECT count(*) AS open FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction' AND xact_start < clock_timestamp()`;
  return (row?.open ?? 0n) > 0n;
}

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
