import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { simpleParser } from "mailparser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSigner, readDkimKey, type Signer } from "@/lib/mail/dkim";
import { dkimRecord } from "@/lib/mail/dkim-key";
import { createMailer, type Mailer } from "@/lib/mail/mailer";
import { type Fault, startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { readToken } from "@/lib/tokens";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type Journal, openJournal } from "./journal";
import { openLedger } from "./ledger";
import { hearNews } from "./news";
import { NOT_WRITTEN } from "./outcome";
import { NO_LIMITS, type SendingLimits } from "./pace/limits";
import { pauseRefusedSending, pauseSending, resumeSending } from "./pause";
import { getSendingProgress } from "./queries";
import { getReceivedMail, messageHash } from "./received-mail";
import { sendDeliveries } from "./send";
import { countStates, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;
let server: TestServer;
let mailer: Mailer;
let journal: Journal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "masthead-send-"));
});
afterEach(async () => {
  signer = null;
  limits = NO_LIMITS;
  await mailer.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(fault: (to: string, time: number) => Fault | null = () => null, connections = 4) {
  server = await startTestServer({ fault });
  mailer = createMailer(server.url, { connections, answerTimeoutMs: 2_000 });
  journal = openJournal(folder);
}

let signer: Signer | null = null;
let limits: SendingLimits = NO_LIMITS;

/** Sends until `done` holds, then stops in good order. */
async function sendUntil(done: () => Promise<boolean> | boolean): Promise<void> {
  const stop = new AbortController();
  const ledger = openLedger(database.url, { connections: 3 });
  const news = hearNews(database.url);
  const sending = sendDeliveries(database.db, {
    ledger,
    news,
    signer,
    limits,
    mailer,
    journal,
    signal: stop.signal,
    pollMs: 20,
  });
  try {
    await vi.waitFor(async () => expect(await done()).toBe(true), { timeout: 15_000, interval: 25 });
  } finally {
    stop.abort();
    await sending;
    await Promise.all([ledger.close(), news.close()]);
  }
}
const nothingOpen = async () =>
  (await database.db.delivery.count({ where: { state: { in: ["QUEUED", "SENDING"] } } })) === 0;

test("each reader gets one mail, whole and in order, and the ledger says so", async () => {
  const { db } = database;
  await startServer();
  const { issue, readers } = await prepareIssue(db, { readers: 30, issue: { audience: "MEMBERS" } });
  const member = readers[0] ?? never();
  await createMembership(db, member.id);
  await sendUntil(nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 30 });
  expect(server.taken.map((mail) => mail.to).sort()).toEqual(readers.map((reader) => reader.email).sort());
  const messageIds = new Set<string>();
  for (const { to, from, source } of server.taken) {
    const reader = readers.find((each) => each.email === to) ?? never();
    const mail = await simpleParser(source);
    const html = mail.html || "";
    const text = mail.text ?? "";
    const raw = source.toString("latin1");
    expect(from).toBe("weekly@masthead.test");
    expect(mail.subject).toBe(issue.title);
    expect(mail.date).toEqual(NOW);
    messageIds.add(mail.messageId ?? "");
    expect(mail.headers.get("list")).toMatchObject({
      "unsubscribe-post": { name: "List-Unsubscribe=One-Click" },
    });
    const oneClick = /List-Unsubscribe: <http:\/\/127\.0\.0\.1:3000\/api\/unsubscribe\?token=([^>]+)>/.exec(
      raw,
    );
    expect(readToken("unsubscribe", oneClick?.[1] ?? "", { now: NOW })).toBe(reader.id);
    expect(html).toContain('<html lang="en"');
    for (const part of [html, text]) {
      expect(part).toContain("1 Fixture Lane, Testville");
      expect(part).toContain(`/unsubscribe?token=${oneClick?.[1]}`);
      expect(part).not.toMatch(/[\u{e000}\u{e001}]/u);
      expect(part.includes("Behind the wall.")).toBe(to === member.email);
      for (const other of readers) if (other !== reader) expect(part).not.toContain(other.email);
    }
    expect(Math.max(...raw.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  }
  expect(messageIds.size).toBe(30);
});

describe("when the server refuses", () => {
  test("one unknown and one greylisted reader hold up nobody", async () => {
    const { db } = database;
    await startServer((to, time) => {
      if (to === readers[0]?.email) return { at: "rcpt", code: 550, text: "5.1.1 no such user" };
      if (to === readers[1]?.email && time === 1) return { at: "rcpt", code: 450, text: "4.2.0 later" };
      return null;
    });
    const { readers } = await prepareIssue(db, { readers: 12 });
    await sendUntil(nothingOpen);
    expect(await countStates(db)).toEqual({ SENT: 10, FAILED: 1, DEFERRED: 1 });
    const subscriberId = readers[0]?.id;
    expect(await db.bounce.findMany()).toMatchObject([{ subscriberId, kind: "HARD", source: "smtp" }]);
    await db.delivery.updateMany({
      where: { state: "DEFERRED" },
      data: { nextAttemptAt: new Date(Date.now() - 1_000) },
    });
    await sendUntil(async () => (await db.delivery.count({ where: { state: "SENT" } })) === 11);
    expect(server.taken).toHaveLength(11);
    expect(await db.delivery.findFirst({ where: { state: "FAILED" } })).toMatchObject({
      smtpCode: 550,
      enhancedCode: "5.1.1",
    });
  });

  test.each([
    [550, "5.7.1 your address has no reputation"],
    [554, "Service unavailable; Client host blocked using zen.spamhaus.org"],
  ])("refusals of us pause the issue within a few attempts and fail no reader: %d %s", async (code, text) => {
    const { db } = database;
    await startServer(() => ({ at: "rcpt", code, text }));
    const { issue } = await prepareIssue(db, { readers: 40 });
    const paused = async () =>
      (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedAt !== null;
    await sendUntil(paused);
    expect(server.asked.length).toBeLessThanOrEqual(5 + 4);
    const { FAILED = 0, QUEUED = 0, DEFERRED = 0 } = await countStates(db);
    expect([FAILED, QUEUED + DEFERRED]).toEqual([0, 40]);
    const { sendingPausedReason } = await db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    expect(sendingPausedReason).toContain(text);
  });

  test("every author is told once of each such pause, however many workers see it", async () => {
    const { db } = database;
    await db.author.create({ data: { email: "second@masthead.test" } });
    await startServer(() => ({ at: "rcpt", code: 550, text: "5.7.1 not from weekly@masthead.test" }));
    const { issue } = await prepareIssue(db, { readers: 40 });
    const stop = new AbortController();
    const other = sendDeliveries(db, {
      mailer,
      journal: openJournal(folder),
      signal: stop.signal,
      pollMs: 20,
    });
    const isPaused = async () =>
      (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedAt !== null;
    await sendUntil(isPaused);
    stop.abort();
    await other;
    const told = () => db.notice.findMany({ where: { kind: "sending-paused" }, orderBy: { email: "asc" } });
    const { sendingPausedAt } = await db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    const data = {
      issueId: issue.id,
      title: issue.title,
      pausedAt: sendingPausedAt?.toISOString(),
      words: "550 5.7.1 not from [address]",
    };
    expect(await told()).toMatchObject([
      { email: "author@masthead.test", data },
      { email: "second@masthead.test", data },
    ]);
    await Promise.all([1, 2].map(() => pauseRefusedSending(db, issue.id, { words: "550 5.7.1" })));
    expect(await told()).toHaveLength(2);
    await resumeSending(db, issue.id);
    await Promise.all([1, 2].map(() => pauseRefusedSending(db, issue.id, { words: "550 5.7.1" })));
    expect(await told()).toHaveLength(4);
  });

  test("the author's own pause is no news to them", async () => {
    const { db } = database;
    await startServer();
    const { issue } = await prepareIssue(db, { readers: 1 });
    expect(await pauseSending(db, issue.id, { reason: "Paused by the author.", now: NOW })).toBe(true);
    expect(await pauseRefusedSending(db, issue.id, { words: "550 5.7.1" })).toBe(false);
    expect(await db.notice.count()).toBe(0);
  });
});

test("a server that does not know us pauses the issue before anybody was tried", async () => {
  const { db } = database;
  await startServer();
  await server.close();
  server = await startTestServer({
    server: {
      authOptional: false,
      authMethods: ["PLAIN"],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error("5.7.8 wrong password"), { responseCode: 535 })),
    },
  });
  mailer = createMailer(server.url.replace("smtp://", "smtp://me:wrong@"), { connections: 4 });
  const { issue } = await prepareIssue(db, { readers: 5 });
  const reason = async () =>
    (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedReason;
  await sendUntil(async () => (await reason()) !== null);
  expect(await reason()).toContain("5.7.8 wrong password");
  expect(await db.notice.findMany()).toMatchObject([
    { kind: "sending-paused", email: "author@masthead.test" },
  ]);
  expect(await db.delivery.count({ where: { state: "QUEUED", attempt: 0 } })).toBe(5);
});

test("a server that is away is waited for, and meanwhile nobody is tried", async () => {
  const { db } = database;
  await startServer();
  const { port } = new URL(server.url);
  await server.close();
  const { issue, readers } = await prepareIssue(db, { readers: 3 });
  const looks: number[] = [];
  let told: string | null = null;
  const progress = () => getSendingProgress(db, issue.id, { now: new Date() });
  await sendUntil(async () => {
    if (told !== null) return nothingOpen();
    looks.push(await db.delivery.count({ where: { attempt: 0 } }));
    const worker = await db.workerHeartbeat.findFirst();
    if (looks.length < 6 || !worker?.mailTrouble) return false;
    told = worker.mailTrouble;
    expect(worker.mailTroubleAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await progress()).toMatchObject({ stage: "sending", mailTrouble: told });
    server = await startTestServer({ port: Number(port) });
    return false;
  });
  expect(new Set(looks)).toEqual(new Set([3]));
  expect(told).toContain("ECONNREFUSED");
  expect(await db.workerHeartbeat.findMany()).toMatchObject([{ mailTrouble: null, mailTroubleAt: null }]);
  expect(await progress()).toMatchObject({ stage: "finished", mailTrouble: null });
  expect(server.taken).toHaveLength(readers.length);
});

test("a connection that dies after the last dot leaves an uncertain row, and nobody is mailed twice", async () => {
  const { db } = database;
  await startServer((to) => (to === readers[0]?.email ? { at: "drop-after-dot" } : null));
  const { readers } = await prepareIssue(db, { readers: 6 });
  await sendUntil(nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 5, UNCERTAIN: 1 });
  expect(server.taken).toHaveLength(6);
});

test("with a key every copy is signed for the reader that gets it, and goes out once", async () => {
  await startServer();
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" });
  const key = readDkimKey({ domain: "masthead.test", selector: "t", pem });
  signer = createSigner(key, { cores: 2 });
  await prepareIssue(database.db, { readers: 8 });
  await sendUntil(nothingOpen);
  await signer.close();
  expect(new Set(server.taken.map((mail) => mail.to)).size).toBe(8);
  for (const { source } of server.taken) {
    const { results } = await dkimVerify(source, { resolver: async () => [[dkimRecord(key).text]] });
    expect(results.map((result) => result.status.result)).toEqual(["pass"]);
    const hashed = await database.db.delivery.count({ where: { messageHash: messageHash(source) } });
    expect(hashed).toBe(1);
  }
});

test("what a reader got can be shown byte for byte, whatever was renamed since", async () => {
  const { db } = database;
  await startServer();
  const { issue } = await prepareIssue(db, { readers: 3, issue: { audience: "MEMBERS" } });
  await db.publication.update({ where: { id: 1 }, data: { senderName: "Somebody else", name: "Renamed" } });
  await sendUntil(nothingOpen);
  for (const { to, source } of server.taken) {
    const { id } = await db.delivery.findFirstOrThrow({ where: { subscriber: { email: to } } });
    const mail = await getReceivedMail(db, id);
    expect(mail).toMatchObject({ proof: "exact", email: to, variant: "TEASER", issueId: issue.id });
    expect(mail.message.equals(source)).toBe(true);
    expect(source.toString()).not.toContain("Somebody else");
  }
  const moved = await db.delivery.findFirstOrThrow();
  await db.subscriber.update({
    where: { id: moved.subscriberId ?? "" },
    data: { email: "moved@example.com" },
  });
  expect((await getReceivedMail(db, moved.id)).proof).toBe("changed");
  await expect(getReceivedMail(db, 999_999n)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("more than the operator's rate does not leave, and who waited for their domain is mailed in the end", async () => {
  await startServer();
  const { readers } = await prepareIssue(database.db, { readers: 12 });
  await database.db
    .$executeRaw`UPDATE "Subscriber" SET email = 'r' || split_part(email, '@', 1) || '@slow.test'
    WHERE id = ANY(${readers.slice(0, 6).map((reader) => reader.id)})`;
  limits = { ...NO_LIMITS, domains: new Map([["slow.test", { messages: 4, perSeconds: 1 }]]) };
  await sendUntil(nothingOpen);
  const moments = server.taken.filter((mail) => mail.to.endsWith("@slow.test")).map((mail) => mail.at);
  expect(server.taken).toHaveLength(12);
  expect(moments).toHaveLength(6);
  expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(1_100);
});

test("a connection that dies before the message is tried again", async () => {
  const { db } = database;
  await startServer((to, time) => (to === readers[0]?.email && time < 3 ? { at: "drop-on-rcpt" } : null));
  const { readers } = await prepareIssue(db, { readers: 3 });
  await sendUntil(async () => (await db.delivery.count({ where: { state: "SENT" } })) === 2);
  expect(await countStates(db)).toEqual({ SENT: 2, QUEUED: 1 });
  await db.delivery.updateMany({ where: { state: "QUEUED" }, data: { nextAttemptAt: new Date(0) } });
  await sendUntil(nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 3 });
  expect(server.taken).toHaveLength(3);
});

test("stopping finishes what is on its way and gives the rest back", async () => {
  const { db } = database;
  await startServer(() => ({ at: "slow", ms: 120 }));
  await prepareIssue(db, { readers: 30 });
  await sendUntil(() => server.taken.length >= 6);
  const states = await countStates(db);
  expect(states.SENT).toBe(server.taken.length);
  expect(states).toEqual({ SENT: server.taken.length, QUEUED: 30 - server.taken.length });
});

test("two workers share an issue and mail nobody twice", async () => {
  const { db } = database;
  await startServer();
  await prepareIssue(db, { readers: 60 });
  const other = openJournal(folder);
  const stop = new AbortController();
  const second = sendDeliveries(db, { mailer, journal: other, signal: stop.signal, pollMs: 20 });
  await sendUntil(nothingOpen);
  stop.abort();
  await second;
  expect(server.taken).toHaveLength(60);
  expect(new Set(server.taken.map((mail) => mail.to)).size).toBe(60);
});

test("readers whose copy cannot be written fail with the reason, and everybody else is mailed", async () => {
  const { db } = database;
  await startServer();
  const { issue, readers } = await prepareIssue(db, { readers: 20 });
  const [noHeader, noLine, twoPeople] = readers.map((reader) => reader.id);
  // As a damaged import or a hand in the database would leave them: no form of ours takes any of these.
  await db.delivery.updateMany({
    where: { subscriberId: noHeader ?? never() },
    data: { messageId: `<${issue.id}\r\nBcc: all@example.com>` },
  });
  await db.subscriber.update({ where: { id: noLine ?? never() }, data: { email: "zoë@example.com" } });
  await db.subscriber.update({ where: { id: twoPeople ?? never() }, data: { email: "a@x.test,b@z.test" } });
  await sendUntil(nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 17, FAILED: 3 });
  const failed = await db.delivery.findMany({ where: { state: "FAILED" } });
  expect(failed.map((row) => row.subscriberId).sort()).toEqual([noHeader, noLine, twoPeople].sort());
  for (const { reply, smtpCode, attempt } of failed) {
    expect(reply).toMatch(new RegExp(`^${NOT_WRITTEN}`));
    expect({ smtpCode, attempt }).toEqual({ smtpCode: null, attempt: 1 });
  }
  expect(server.taken.map((mail) => mail.to).sort()).toEqual(
    readers
      .slice(3)
      .map((reader) => reader.email)
      .sort(),
  );
});

test("after the author pressed pause at most one message for each connection goes out", async () => {
  const { db } = database;
  await startServer(() => ({ at: "slow", ms: 50 }));
  const { issue } = await prepareIssue(db, { readers: 60 });
  let takenAtPause = 0;
  await sendUntil(async () => {
    if (server.taken.length < 8) return false;
    if (takenAtPause === 0) {
      await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: new Date() } });
      takenAtPause = server.taken.length;
    }
    return (await db.delivery.count({ where: { state: "SENDING" } })) === 0;
  });
  expect(server.taken.length - takenAtPause).toBeLessThanOrEqual(4);
});

function never(): never {
  throw new Error("The test is wrong.");
}
