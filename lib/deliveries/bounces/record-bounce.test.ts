import { Readable } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import { importSubscribers } from "@/lib/subscribers/import-csv";
import { liftSuppression } from "@/lib/subscribers/suppress";
import { useTestDatabase } from "@/prisma/test-database";
import { listDeliveries } from "../queries";
import { NOW, prepareIssue } from "../sending.fixture";
import { listBounces, listCameBack } from "./queries";
import { recordBounce } from "./record-bounce";
import { recordRefusals } from "./record-refusals";

const database = useTestDatabase({ emptyEachTime: true });

let first: { deliveryId: bigint; subscriberId: string };
let email: string;

beforeEach(async () => {
  const { readers } = await prepareIssue(database.db, { readers: 1 });
  const delivery = await database.db.delivery.findFirstOrThrow();
  await database.db.delivery.updateMany({ data: { attempt: 1, state: "SENT", sentAt: NOW } });
  first = { deliveryId: delivery.id, subscriberId: readers[0]?.id ?? "" };
  email = readers[0]?.email ?? "";
});

const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const refused = (status: string, words = "") => ({ complaint: false, code: null, status, words }) as const;
const about = (deliveryId: bigint) => ({ about: { deliveryId }, source: "dsn" });
const person = () => database.db.subscriber.findUniqueOrThrow({ where: { id: first.subscriberId } });
const kept = () => database.db.bounce.findMany({ orderBy: { at: "asc" } });

test("no such mailbox closes the address at once, and the words keep no address", async () => {
  const report = { ...about(first.deliveryId), ...refused("5.1.1", `550 5.1.1 <${email}> unknown`) };
  expect(await recordBounce(database.db, report, { now: NOW })).toEqual({ kind: "HARD", closed: "bounced" });
  expect(await person()).toMatchObject({ status: "SUPPRESSED", suppressedReason: "bounced" });
  expect(await kept()).toMatchObject([
    { kind: "HARD", status: "5.1.1", words: "550 5.1.1 <[address]> unknown" },
  ]);
});

test.each<[string, string | null]>([
  ["550 5.1.1 no\0 such\u0007user\u009b", "550 5.1.1 no such user"],
  ["550 5.1.1 no\r\n\tsuch   user\n", "550 5.1.1 no such user"],
  ["550 5.1.1 \ud800", "550 5.1.1 \ufffd"],
  ["\0\n", null],
  [`550 5.1.1 ${"a".repeat(150_000)}`, `550 5.1.1 ${"a".repeat(290)}`],
])("words that nobody can store are no reason to lose a report: %j", async (words, stored) => {
  const report = { ...about(first.deliveryId), ...refused("5.1.1", words) };
  expect(await recordBounce(database.db, report, { now: NOW })).toMatchObject({ kind: "HARD" });
  expect(await kept()).toMatchObject([{ words: stored }]);
});

test("an author's address is never closed, or nobody could sign in to the desk", async () => {
  await database.db.author.create({ data: { email } });
  const report = { ...about(first.deliveryId), ...refused("5.1.1") };
  expect(await recordBounce(database.db, report, { now: NOW })).toEqual({ kind: "HARD", closed: null });
  expect(await person()).toMatchObject({ status: "CONFIRMED" });
  expect(await kept()).toHaveLength(1);
});

test("a complaint takes the reader off the list and closes the address", async () => {
  await recordBounce(database.db, { ...about(first.deliveryId), complaint: true }, { now: NOW });
  expect(await person()).toMatchObject({
    status: "SUPPRESSED",
    suppressedReason: "complained",
    unsubscribedAt: NOW,
  });
});

test("the same report, from twenty processes at once, counts once", async () => {
  const report = { ...about(first.deliveryId), ...refused("5.2.1") };
  await Promise.all(Array.from({ length: 20 }, () => recordBounce(database.db, report, { now: NOW })));
  expect(await kept()).toHaveLength(1);
  expect(await person()).toMatchObject({ status: "CONFIRMED" });
});

test("two hard bounces of different issues close the address, and refusals of us never do", async () => {
  const by = (days: number, key: string, status: string) =>
    recordBounce(
      database.db,
      { about: { subscriberId: first.subscriberId, key }, source: "postmark", ...refused(status) },
      { now: later(days) },
    );
  for (let day = 0; day < 9; day += 1) await by(day, `policy:${day}`, "5.7.1");
  expect(await by(10, "one", "5.2.1")).toEqual({ kind: "HARD", closed: null });
  expect(await by(17, "two", "5.4.1")).toEqual({ kind: "HARD", closed: "bounced" });
});

test("what the author opened again is not closed by what bounced before, nor by the same report once more", async () => {
  const report = { ...about(first.deliveryId), ...refused("5.1.1") };
  await recordBounce(database.db, report, { now: NOW });
  await liftSuppression(database.db, first.subscriberId, { now: later(1) });
  expect(await recordBounce(database.db, report, { now: later(2) })).toMatchObject({ closed: null });
  expect(await person()).toMatchObject({ status: "UNSUBSCRIBED" });
  expect(await kept()).toMatchObject([{ forgivenAt: later(1) }]);
});

test("B87: an address that bounced stays closed when a list brings it again", async () => {
  await recordBounce(database.db, { ...about(first.deliveryId), ...refused("5.1.1") }, { now: NOW });
  await database.db.subscriber.delete({ where: { id: first.subscriberId } });
  const list = Readable.from([Buffer.from(`email\n${email}\n`)]);
  await importSubscribers(database.db, list, { confirmed: true, source: "a list", now: later(9) });
  expect(await database.db.subscriber.count({ where: { email, status: "CONFIRMED" } })).toBe(0);
});

test("a report about a delivery that was never tried, or about nobody, changes nothing", async () => {
  await database.db.delivery.updateMany({ data: { attempt: 0 } });
  expect(
    await recordBounce(database.db, { ...about(first.deliveryId), ...refused("5.1.1") }, { now: NOW }),
  ).toBe("unknown");
  expect(await recordBounce(database.db, { ...about(999n), ...refused("5.1.1") }, { now: NOW })).toBe(
    "unknown",
  );
  expect(
    await recordBounce(database.db, { ...about(first.deliveryId), ...refused("2.0.0") }, { now: NOW }),
  ).toBe("nothing");
  expect(await kept()).toEqual([]);
});

test("a refusal while sending counts as a report does", async () => {
  const { deliveryId } = first;
  const words = "550 5.1.1 no such user";
  await recordRefusals(database.db, [{ deliveryId, code: 550, status: "5.1.1", words }], { now: NOW });
  expect(await kept()).toMatchObject([{ kind: "HARD", source: "smtp", deliveryId: first.deliveryId }]);
  expect(await person()).toMatchObject({ status: "SUPPRESSED" });
});

test("the desk shows what came back, for which issue, and what still counts", async () => {
  const { db } = database;
  await recordBounce(
    db,
    { ...about(first.deliveryId), ...refused("5.2.1", "mailbox disabled") },
    { now: NOW },
  );
  await recordBounce(
    db,
    { about: { subscriberId: first.subscriberId, key: "one" }, source: "ses", ...refused("4.2.2") },
    { now: later(2) },
  );
  const shown = await listBounces(db, first.subscriberId, { now: later(3) });
  expect(shown).toMatchObject({
    total: 2,
    score: 3,
    bounces: [
      { kind: "SOFT", source: "ses", issue: null },
      { kind: "HARD", words: "mailbox disabled", issue: { title: expect.any(String) } },
    ],
  });
  const { id: issueId } = await db.issue.findFirstOrThrow();
  const { deliveries } = await listDeliveries(db, { issueId });
  expect(deliveries).toMatchObject([{ state: "SENT", cameBack: { kind: "HARD", at: NOW } }]);
});

test("what was refused while sending did not come back later: its state says it", async () => {
  await recordRefusals(
    database.db,
    [{ deliveryId: first.deliveryId, code: 550, status: "5.2.1", words: "no" }],
    { now: NOW },
  );
  expect(await listCameBack(database.db, [first.deliveryId])).toEqual(new Map());
});
