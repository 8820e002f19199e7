import { describe, expect, test } from "vitest";
import { createMailer } from "@/lib/mail/mailer";
import { REFUSES_LOGINS, startTestServer } from "@/lib/mail/smtp.fixture";
import { useTestDatabase } from "@/prisma/test-database";
import { openJournal } from "./journal";
import { NOT_WRITTEN } from "./outcome";
import { pauseRefusedSending, pauseSending, resumeSending } from "./pause";
import { getSendingProgress } from "./queries";
import { sendDeliveries } from "./send";
import { useSending } from "./send.fixture";
import { countStates, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const sending = useSending(database);
const IN_HOURS = new Date(Date.now() + 4 * 3_600_000);

describe("when the server refuses", () => {
  test("one unknown and one greylisted reader hold up nobody", async () => {
    const { db } = database;
    await sending.startServer((to, time) => {
      if (to === readers[0]?.email) return { at: "rcpt", code: 550, text: "5.1.1 no such user" };
      if (to === readers[1]?.email && time === 1) return { at: "rcpt", code: 450, text: "4.2.0 later" };
      return null;
    });
    const { readers } = await prepareIssue(db, { readers: 12 });
    await sending.until(sending.nothingOpen);
    expect(await countStates(db)).toEqual({ SENT: 10, FAILED: 1, DEFERRED: 1 });
    const subscriberId = readers[0]?.id;
    expect(await db.bounce.findMany()).toMatchObject([{ subscriberId, kind: "HARD", source: "smtp" }]);
    await db.delivery.updateMany({
      where: { state: "DEFERRED" },
      data: { nextAttemptAt: new Date(Date.now() - 1_000) },
    });
    await sending.until(async () => (await db.delivery.count({ where: { state: "SENT" } })) === 11);
    expect(sending.server.taken).toHaveLength(11);
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
    await sending.startServer(() => ({ at: "rcpt", code, text }));
    const { issue } = await prepareIssue(db, { readers: 40 });
    const paused = async () =>
      (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedAt !== null;
    await sending.until(paused);
    expect(sending.server.asked.length).toBeLessThanOrEqual(5 + 4);
    const { FAILED = 0, QUEUED = 0, DEFERRED = 0 } = await countStates(db);
    expect([FAILED, QUEUED + DEFERRED]).toEqual([0, 40]);
    const { sendingPausedReason } = await db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    expect(sendingPausedReason).toContain(text);
  });

  test("one receiver that refuses us is left alone after a few attempts and keeps the issue from nobody else", async () => {
    const { db } = database;
    await sending.startServer((to) =>
      to.endsWith("@blocked.example") ? { at: "rcpt", code: 550, text: "5.7.1 not from you" } : null,
    );
    const { issue, readers } = await prepareIssue(db, { readers: 90 });
    for (const [index, { id }] of readers.entries()) {
      const domain = index % 3 === 0 ? "blocked.example" : `d${index % 7}.example`;
      await db.subscriber.update({ where: { id }, data: { email: `r${index}@${domain}` } });
    }
    await sending.until(async () => (await countStates(db)).SENT === 60);
    expect(await countStates(db)).not.toHaveProperty("FAILED");
    expect(sending.server.asked.filter((to) => to.endsWith("@blocked.example")).length).toBeLessThan(5 + 4);
    const paused = await db.issue.findUniqueOrThrow({ where: { id: issue.id } });
    expect(paused.sendingPausedAt).toBeNull();
  });

  test("let go on, an issue goes to those first who were not tried yet", async () => {
    const { db } = database;
    await sending.startServer();
    const { issue } = await prepareIssue(db, { readers: 6 });
    const [refused, waits, ...others] = await db.delivery.findMany({ orderBy: { id: "asc" } });
    await db.delivery.updateMany({
      where: { id: refused?.id ?? 0n },
      data: { state: "DEFERRED", nextAttemptAt: IN_HOURS },
    });
    await db.delivery.updateMany({ where: { id: waits?.id ?? 0n }, data: { nextAttemptAt: IN_HOURS } });
    await pauseSending(db, issue.id, { reason: "by the author", now: NOW });
    await resumeSending(db, issue.id);
    const due = await db.delivery.findMany({
      where: { state: "QUEUED", nextAttemptAt: { lte: new Date(Date.now() + 60_000) } },
      orderBy: [{ nextAttemptAt: "asc" }, { id: "asc" }],
    });
    expect(due.map(({ id }) => id)).toEqual([...others, refused, waits].map((each) => each?.id));
  });

  test("every author is told once of each such pause, however many workers see it", async () => {
    const { db } = database;
    await db.author.create({ data: { email: "second@masthead.test" } });
    await sending.startServer(() => ({ at: "rcpt", code: 550, text: "5.7.1 not from weekly@masthead.test" }));
    const { issue } = await prepareIssue(db, { readers: 40 });
    const stop = new AbortController();
    const other = sendDeliveries(db, {
      mailer: sending.mailer,
      journal: openJournal(sending.folder),
      signal: stop.signal,
      pollMs: 20,
    });
    const isPaused = async () =>
      (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedAt !== null;
    await sending.until(isPaused);
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
    await sending.startServer();
    const { issue } = await prepareIssue(db, { readers: 1 });
    expect(await pauseSending(db, issue.id, { reason: "Paused by the author.", now: NOW })).toBe(true);
    expect(await pauseRefusedSending(db, issue.id, { words: "550 5.7.1" })).toBe(false);
    expect(await db.notice.count()).toBe(0);
  });
});

test("a server that does not know us pauses the issue before anybody was tried", async () => {
  const { db } = database;
  await sending.startServer();
  await sending.server.close();
  sending.server = await startTestServer({ server: REFUSES_LOGINS });
  sending.mailer = createMailer(sending.server.url.replace("smtp://", "smtp://me:wrong@"), {
    connections: 4,
  });
  const { issue } = await prepareIssue(db, { readers: 5 });
  const reason = async () =>
    (await db.issue.findUniqueOrThrow({ where: { id: issue.id } })).sendingPausedReason;
  await sending.until(async () => (await reason()) !== null);
  expect(await reason()).toContain("5.7.8 wrong password");
  expect(await db.notice.findMany()).toMatchObject([
    { kind: "sending-paused", email: "author@masthead.test" },
  ]);
  expect(await db.delivery.count({ where: { state: "QUEUED", attempt: 0 } })).toBe(5);
});

test("a server that is away is waited for, and meanwhile nobody is tried", async () => {
  const { db } = database;
  await sending.startServer();
  const { port } = new URL(sending.server.url);
  await sending.server.close();
  const { issue, readers } = await prepareIssue(db, { readers: 3 });
  const looks: number[] = [];
  let told: string | null = null;
  const progress = () => getSendingProgress(db, issue.id, { now: new Date() });
  await sending.until(async () => {
    if (told !== null) return sending.nothingOpen();
    looks.push(await db.delivery.count({ where: { attempt: 0 } }));
    const worker = await db.workerHeartbeat.findFirst();
    if (looks.length < 6 || !worker?.mailTrouble) return false;
    told = worker.mailTrouble;
    expect(worker.mailTroubleAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await progress()).toMatchObject({ stage: "sending", mailTrouble: told });
    sending.server = await startTestServer({ port: Number(port) });
    return false;
  });
  expect(new Set(looks)).toEqual(new Set([3]));
  expect(told).toContain("ECONNREFUSED");
  expect(await db.workerHeartbeat.findMany()).toMatchObject([{ mailTrouble: null, mailTroubleAt: null }]);
  expect(await progress()).toMatchObject({ stage: "finished", mailTrouble: null });
  expect(sending.server.taken).toHaveLength(readers.length);
});

test("a connection that dies after the last dot leaves an uncertain row, and nobody is mailed twice", async () => {
  const { db } = database;
  await sending.startServer((to) => (to === readers[0]?.email ? { at: "drop-after-dot" } : null));
  const { readers } = await prepareIssue(db, { readers: 6 });
  await sending.until(sending.nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 5, UNCERTAIN: 1 });
  expect(sending.server.taken).toHaveLength(6);
});

test("a connection that dies before the message is tried again", async () => {
  const { db } = database;
  await sending.startServer((to, time) =>
    to === readers[0]?.email && time < 3 ? { at: "drop-on-rcpt" } : null,
  );
  const { readers } = await prepareIssue(db, { readers: 3 });
  await sending.until(async () => (await db.delivery.count({ where: { state: "SENT" } })) === 2);
  expect(await countStates(db)).toEqual({ SENT: 2, QUEUED: 1 });
  await db.delivery.updateMany({ where: { state: "QUEUED" }, data: { nextAttemptAt: new Date(0) } });
  await sending.until(sending.nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 3 });
  expect(sending.server.taken).toHaveLength(3);
});

test("readers whose copy cannot be written fail with the reason, and everybody else is mailed", async () => {
  const { db } = database;
  await sending.startServer();
  const { issue, readers } = await prepareIssue(db, { readers: 20 });
  const [noHeader, noLine, twoPeople] = readers.map((reader) => reader.id);
  // As a damaged import or a hand in the database would leave them: no form of ours takes any of these.
  await db.delivery.updateMany({
    where: { subscriberId: noHeader ?? never() },
    data: { messageId: `<${issue.id}\r\nBcc: all@example.com>` },
  });
  await db.subscriber.update({ where: { id: noLine ?? never() }, data: { email: "zoë@example.com" } });
  await db.subscriber.update({ where: { id: twoPeople ?? never() }, data: { email: "a@x.test,b@z.test" } });
  await sending.until(sending.nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 17, FAILED: 3 });
  const failed = await db.delivery.findMany({ where: { state: "FAILED" } });
  expect(failed.map((row) => row.subscriberId).sort()).toEqual([noHeader, noLine, twoPeople].sort());
  for (const { reply, smtpCode, attempt } of failed) {
    expect(reply).toMatch(new RegExp(`^${NOT_WRITTEN}`));
    expect({ smtpCode, attempt }).toEqual({ smtpCode: null, attempt: 1 });
  }
  expect(sending.server.taken.map((mail) => mail.to).sort()).toEqual(
    readers
      .slice(3)
      .map((reader) => reader.email)
      .sort(),
  );
});

function never(): never {
  throw new Error("The test is wrong.");
}

test("a server that goes away in the midst of an issue is told of until it is back", async () => {
  const { db } = database;
  await sending.startServer((to) =>
    sending.server.taken.length < 10 ? null : { at: "slow", ms: to.length },
  );
  const { port } = new URL(sending.server.url);
  const { issue, readers } = await prepareIssue(db, { readers: 60 });
  const progress = () => getSendingProgress(db, issue.id, { now: new Date() });
  let isAway = false;
  let told: string | null = null;
  await sending.until(async () => {
    if (told !== null) {
      // Their next turn comes in ten seconds.
      await db.delivery.updateMany({ where: { state: "QUEUED" }, data: { nextAttemptAt: new Date(0) } });
      return sending.nothingOpen();
    }
    if (!isAway && sending.server.taken.length >= 10) {
      isAway = true;
      await sending.server.close();
    }
    const { mailTrouble } = (await db.workerHeartbeat.findFirst()) ?? { mailTrouble: null };
    if (!isAway || mailTrouble === null) return false;
    told = mailTrouble;
    expect(await progress()).toMatchObject({ mailTrouble, minutesLeft: null });
    const before = sending.server.taken;
    sending.server = await startTestServer({ port: Number(port) });
    sending.server.taken.push(...before);
    return false;
  });
  expect(told).toContain("ECONNREFUSED");
  expect(await progress()).toMatchObject({ stage: "finished", mailTrouble: null });
  const { SENT = 0, UNCERTAIN = 0 } = await countStates(db);
  expect(SENT + UNCERTAIN).toBe(readers.length);
});
