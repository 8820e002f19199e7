/** Nobody hears of a message after its reader left or its issue was paused, however long the mail server took before. */
import { expect, test } from "vitest";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import { useTestDatabase } from "@/prisma/test-database";
import { pauseSending } from "./pause";
import { useSending } from "./send.fixture";
import { countStates, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const sending = useSending(database);
const SLOWLY_MS = 1_500;

/** Sends until nothing is open, and does `act` once, as soon as `when` holds; answers how many MAIL came after it. */
async function begunAfter(
  act: () => Promise<unknown>,
  when: () => Promise<boolean> | boolean,
  end = async () => true,
) {
  let actedAt = 0;
  await sending.until(async () => {
    if (actedAt === 0 && (await when())) {
      await act();
      actedAt = Date.now();
    }
    return actedAt > 0 && (await end());
  });
  return sending.server.begun.filter((at) => at > actedAt).length;
}

const isOnItsWay = async () => {
  const { SENT = 0, SENDING = 0 } = await countStates(database.db);
  return SENT === 1 && SENDING === 1;
};

async function leave(): Promise<void> {
  const { db } = database;
  const { subscriberId } = await db.delivery.findFirstOrThrow({ where: { state: "SENDING" } });
  await unsubscribe(db, subscriberId ?? "", { now: new Date() });
}

/** The second connection is greeted late: `greeted` counts them. */
async function startWithSlowGreeting(): Promise<{ greeted: () => number }> {
  let connected = 0;
  let greeted = 0;
  const onConnect = (_session: unknown, done: () => void) => {
    connected += 1;
    const greet = () => {
      greeted += 1;
      done();
    };
    setTimeout(greet, connected === 2 ? SLOWLY_MS : 0);
  };
  await sending.start({ server: { onConnect } }, 2);
  return { greeted: () => greeted };
}

test("a reader who leaves while a connection is set up for their copy is not mailed", async () => {
  const { greeted } = await startWithSlowGreeting();
  await prepareIssue(database.db, { readers: 2 });
  const late = await begunAfter(
    leave,
    isOnItsWay,
    async () => greeted() === 2 && (await sending.nothingOpen()),
  );
  expect(late).toBe(0);
  expect(await countStates(database.db)).toEqual({ SENT: 1, SKIPPED: 1 });
});

test("an issue that is paused meanwhile waits", async () => {
  const { greeted } = await startWithSlowGreeting();
  const { issue } = await prepareIssue(database.db, { readers: 2 });
  const pause = () => pauseSending(database.db, issue.id, { reason: "by the author", now: NOW });
  const late = await begunAfter(pause, isOnItsWay, async () => {
    return greeted() === 2 && (await countStates(database.db)).SENDING === undefined;
  });
  expect(late).toBe(0);
  expect(await countStates(database.db)).toEqual({ SENT: 1, QUEUED: 1 });
});

test("a reader who leaves while the server is silent is not told of to the server that is asked instead", async () => {
  await sending.start({ senderFault: (time) => (time === 2 ? { hangUpAfterMs: SLOWLY_MS } : null) }, 1);
  await prepareIssue(database.db, { readers: 2 });
  const late = await begunAfter(leave, () => sending.server.begun.length === 2, sending.nothingOpen);
  expect(late).toBe(0);
  expect(await countStates(database.db)).toEqual({ SENT: 1, SKIPPED: 1 });
});

test("an answer of the database that says go, and comes late, says nothing", async () => {
  await sending.startServer(() => null, 1);
  let looked = false;
  sending.ledgerThrough = (ledger) => ({
    async query(statement) {
      const rows = await ledger.query<never>(statement);
      // A claim that is older than it may be has its reader looked at again.
      if (statement.text.includes("FOR UPDATE SKIP LOCKED")) await after(300);
      if (!looked && statement.text.includes("IS DISTINCT FROM 'CONFIRMED'")) {
        looked = true;
        await after(SLOWLY_MS);
      }
      return rows;
    },
  });
  await prepareIssue(database.db, { readers: 1 });
  expect(await begunAfter(leave, () => looked, sending.nothingOpen)).toBe(0);
  expect(await countStates(database.db)).toEqual({ SKIPPED: 1 });
});

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
