import { expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { NOW, prepareIssue } from "../sending.fixture";
import { createRefusalKeeper, type Refusal, recordRefusals } from "./record-refusals";

const database = useTestDatabase({ emptyEachTime: true });

const NO_MAILBOX = { code: 550, status: "5.1.1", words: "550 5.1.1 no such user" };

async function refuse(readers: number): Promise<Refusal[]> {
  await prepareIssue(database.db, { readers });
  await database.db.delivery.updateMany({ data: { attempt: 1, state: "FAILED" } });
  const deliveries = await database.db.delivery.findMany({ select: { id: true } });
  return deliveries.map(({ id }) => ({ deliveryId: id, ...NO_MAILBOX }));
}

const countClosed = () => database.db.subscriber.count({ where: { status: "SUPPRESSED" } });

test("forty refusals that come together are written in one transaction, and each closes its address", async () => {
  const refusals = await refuse(40);
  const keep = createRefusalKeeper(database.db);
  await Promise.all(refusals.map((refusal) => keep(refusal)));
  expect(await countClosed()).toBe(40);
  expect(await database.db.suppression.count()).toBe(40);
  const [written] = await database.db.$queryRaw<{ bounces: bigint; transactions: bigint }[]>`
    SELECT count(*) AS bounces, count(DISTINCT xmin::text) AS transactions FROM "Bounce"`;
  expect(written).toEqual({ bounces: 40n, transactions: 1n });
});

test("one that cannot be written takes none of the others with it", async () => {
  const refusals = await refuse(3);
  const [bad, ...good] = refusals;
  // Postgres has no such number.
  await recordRefusals(database.db, [{ ...bad, deliveryId: 2n ** 63n } as Refusal, ...good], { now: NOW });
  expect(await database.db.bounce.count()).toBe(2);
  expect(await countClosed()).toBe(2);
});

test("among many, what is unknown, an author's, or told twice gets what it would get alone", async () => {
  const [unknown, authors, ...others] = await refuse(6);
  const of = async (refusal: Refusal | undefined) => {
    const where = { id: refusal && "deliveryId" in refusal ? refusal.deliveryId : 0n };
    return (await database.db.delivery.findUniqueOrThrow({ where, select: { subscriber: true } })).subscriber;
  };
  const author = await of(authors);
  await database.db.author.create({ data: { email: author?.email ?? "" } });
  const missing = { deliveryId: 999_999n, ...NO_MAILBOX };
  const all = [missing, ...(authors ? [authors] : []), ...others, ...others];
  await recordRefusals(database.db, all, { now: NOW });
  expect(await countClosed()).toBe(others.length);
  expect(await database.db.bounce.count()).toBe(others.length + 1);
  expect(await of(authors)).toMatchObject({ status: "CONFIRMED" });
  expect(await of(unknown)).toMatchObject({ status: "CONFIRMED" });
});
