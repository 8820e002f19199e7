import { DateTime } from "luxon";
import { expect, test } from "vitest";
import { getPublication } from "@/lib/publication/queries";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type Claim, claimDeliveries, giveBackUnheld } from "./claim";
import { type Ledger, ledgerOf } from "./ledger";
import { claim, settle } from "./ledger.fixture";
import { resolveUncertain } from "./pause";
import { isFresh } from "./second-look";
import { countStates, prepareIssue } from "./sending.fixture";
import { settleDeliveries } from "./settle";

const database = useTestDatabase({ emptyEachTime: true });

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
  expect(claims.get(onTrial)?.statusLine).toContain(`on trial until ${trialEndsAt.toFormat("d LLLL yyyy")}`);
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
