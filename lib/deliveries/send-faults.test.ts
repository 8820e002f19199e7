/** What fails on our side: the database for a moment or in silence, one issue, one row, a mail server without a word. */
import { connect, createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { createIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type Ledger, openLedger } from "./ledger";
import { NOT_WRITTEN } from "./outcome";
import { NO_LIMITS } from "./pace/limits";
import { prepareDeliveries } from "./prepare";
import { useSending } from "./send.fixture";
import { countStates, memoryImages, NOW, PUBLISHED, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const sending = useSending(database);

type Statement = Parameters<Ledger["query"]>[0];

/** Loses the answer to the first `times` statements that `is` picks. */
const losing = (times: number, is: (statement: Statement) => boolean) => (ledger: Ledger) => {
  let left = times;
  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      const rows = await ledger.query<Row & object>(statement);
      if (is(statement) && left-- > 0) throw new Error("The connection was lost.");
      return rows;
    },
  } as Ledger;
};
const isForDomain = ({ values }: Statement) =>
  values.some((value) => typeof value === "string" && value.startsWith("domain/"));

test("claims whose domain could not be asked for are given back, and nothing stands still", async () => {
  await sending.startServer();
  sending.limits = { ...NO_LIMITS, domains: new Map([["*", { messages: 100_000, perSeconds: 1 }]]) };
  sending.ledgerThrough = losing(2, isForDomain);
  await prepareIssue(database.db, { readers: 30 });
  await sending.until(sending.nothingOpen);
  expect(await countStates(database.db)).toEqual({ SENT: 30 });
});

test("the last rows of an issue are given back at once when the answer to their claim is lost", async () => {
  await sending.startServer();
  sending.ledgerThrough = losing(1, ({ text }) => text.includes("FOR UPDATE SKIP LOCKED"));
  await prepareIssue(database.db, { readers: 3 });
  await sending.until(sending.nothingOpen);
  expect(await countStates(database.db)).toEqual({ SENT: 3 });
});

test("an issue that cannot be read holds up no later one", async () => {
  const { db } = database;
  await sending.startServer();
  const { issue } = await prepareIssue(db, { readers: 5 });
  const second = await createIssue(db, PUBLISHED);
  await prepareDeliveries(db, second.id, { now: new Date(NOW.getTime() + 1_000), images: memoryImages() });
  await db.frozenMail.updateMany({ where: { issueId: issue.id }, data: { sender: { senderName: 1 } } });
  await sending.until(async () => (await countStates(db)).SENT === 5);
  expect(await db.delivery.count({ where: { issueId: second.id, state: "SENT" } })).toBe(5);
});

test("a reader whose membership cannot be told of fails by name, and no other reader does", async () => {
  const { db } = database;
  await sending.startServer();
  const { readers } = await prepareIssue(db, { readers: 4 });
  const subscriberId = readers[0]?.id ?? "";
  const charge = { currency: "€", amountCents: 300, intervalMonths: 1 };
  const currentPeriodEndsAt = new Date(Date.now() + 20 * 86_400_000);
  await db.membership.create({
    data: {
      subscriberId,
      source: "STRIPE",
      status: "ACTIVE",
      startedAt: NOW,
      currentPeriodEndsAt,
      ...charge,
    },
  });
  await sending.until(sending.nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 3, FAILED: 1 });
  const failed = await db.delivery.findFirstOrThrow({ where: { state: "FAILED" } });
  expect([failed.subscriberId, failed.reply?.startsWith(NOT_WRITTEN)]).toEqual([subscriberId, true]);
});

test("connections to the database from which nothing comes any more are replaced", async () => {
  const silencer = await startSilencer(database.url);
  const own = openLedger(silencer.url, { connections: 2, silenceMs: 500 });
  let count = 0;
  sending.ledgerThrough = () => ({
    query(statement) {
      count += 1;
      if (count === 10) silencer.silence();
      return own.query<never>(statement);
    },
  });
  await sending.startServer();
  await prepareIssue(database.db, { readers: 40 });
  await sending.until(sending.nothingOpen);
  expect(await countStates(database.db)).toEqual({ SENT: 40 });
  await own.close();
  silencer.close();
});

test("a mail server that says not a word keeps nobody from stopping", async () => {
  let connected = false;
  const onConnect = () => {
    connected = true;
  };
  await sending.start({ server: { onConnect } }, 2);
  await prepareIssue(database.db, { readers: 2 });
  // Far below the half minute in which a greeting may come: else the test's time would be over.
  await sending.until(() => connected);
  expect(await countStates(database.db)).toEqual({ QUEUED: 2 });
}, 15_000);

/** Stands before Postgres; what was connected when it is silenced hears and says nothing any more. */
async function startSilencer(databaseUrl: string) {
  const url = new URL(databaseUrl);
  let isSilenced = false;
  const proxy: Server = createServer((inbound) => {
    const wasSilenced = isSilenced;
    const isHeard = () => isSilenced === wasSilenced;
    const outbound = connect(Number(url.port), url.hostname);
    inbound.on("data", (chunk) => isHeard() && outbound.write(chunk));
    outbound.on("data", (chunk) => isHeard() && inbound.write(chunk));
    for (const socket of [inbound, outbound]) socket.on("error", () => undefined);
    inbound.on("close", () => outbound.destroy());
    outbound.on("close", () => isHeard() && inbound.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  const through = new URL(databaseUrl);
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    silence() {
      isSilenced = true;
    },
    close: () => proxy.close(),
  };
}
