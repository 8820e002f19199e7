import { generateKeyPairSync } from "node:crypto";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { createSigner, readDkimKey } from "@/lib/mail/dkim";
import { dkimRecord } from "@/lib/mail/dkim-key";
import { readToken } from "@/lib/tokens";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { openJournal } from "./journal";
import { NO_LIMITS } from "./pace/limits";
import { getReceivedMail, messageHash } from "./received-mail";
import { sendDeliveries } from "./send";
import { useSending } from "./send.fixture";
import { countStates, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const sending = useSending(database);

test("each reader gets one mail, whole and in order, and the ledger says so", async () => {
  const { db } = database;
  await sending.startServer();
  const { issue, readers } = await prepareIssue(db, { readers: 30, issue: { audience: "MEMBERS" } });
  const member = readers[0] ?? never();
  await createMembership(db, member.id);
  await sending.until(sending.nothingOpen);
  expect(await countStates(db)).toEqual({ SENT: 30 });
  expect(sending.server.taken.map((mail) => mail.to).sort()).toEqual(
    readers.map((reader) => reader.email).sort(),
  );
  const messageIds = new Set<string>();
  for (const { to, from, source } of sending.server.taken) {
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

test("with a key every copy is signed for the reader that gets it, and goes out once", async () => {
  await sending.startServer();
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" });
  const key = readDkimKey({ domain: "masthead.test", selector: "t", pem });
  const signer = createSigner(key, { cores: 2 });
  sending.signer = signer;
  await prepareIssue(database.db, { readers: 8 });
  await sending.until(sending.nothingOpen);
  await signer.close();
  expect(new Set(sending.server.taken.map((mail) => mail.to)).size).toBe(8);
  for (const { source } of sending.server.taken) {
    const { results } = await dkimVerify(source, { resolver: async () => [[dkimRecord(key).text]] });
    expect(results.map((result) => result.status.result)).toEqual(["pass"]);
    const hashed = await database.db.delivery.count({ where: { messageHash: messageHash(source) } });
    expect(hashed).toBe(1);
  }
});

test("what a reader got can be shown byte for byte, whatever was renamed since", async () => {
  const { db } = database;
  await sending.startServer();
  const { issue } = await prepareIssue(db, { readers: 3, issue: { audience: "MEMBERS" } });
  await db.publication.update({ where: { id: 1 }, data: { senderName: "Somebody else", name: "Renamed" } });
  await sending.until(sending.nothingOpen);
  for (const { to, source } of sending.server.taken) {
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
  await sending.startServer();
  const { readers } = await prepareIssue(database.db, { readers: 12 });
  await database.db
    .$executeRaw`UPDATE "Subscriber" SET email = 'r' || split_part(email, '@', 1) || '@slow.test'
    WHERE id = ANY(${readers.slice(0, 6).map((reader) => reader.id)})`;
  sending.limits = { ...NO_LIMITS, domains: new Map([["slow.test", { messages: 4, perSeconds: 1 }]]) };
  await sending.until(sending.nothingOpen);
  const moments = sending.server.taken
    .filter((mail) => mail.to.endsWith("@slow.test"))
    .map((mail) => mail.at);
  expect(sending.server.taken).toHaveLength(12);
  expect(moments).toHaveLength(6);
  expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(1_100);
});

test("stopping finishes what is on its way and gives the rest back", async () => {
  const { db } = database;
  await sending.startServer(() => ({ at: "slow", ms: 120 }));
  await prepareIssue(db, { readers: 30 });
  await sending.until(() => sending.server.taken.length >= 6);
  const states = await countStates(db);
  expect(states.SENT).toBe(sending.server.taken.length);
  expect(states).toEqual({ SENT: sending.server.taken.length, QUEUED: 30 - sending.server.taken.length });
});

test("two workers share an issue and mail nobody twice", async () => {
  const { db } = database;
  await sending.startServer();
  await prepareIssue(db, { readers: 60 });
  const other = openJournal(sending.folder);
  const stop = new AbortController();
  const second = sendDeliveries(db, {
    mailer: sending.mailer,
    journal: other,
    signal: stop.signal,
    pollMs: 20,
  });
  await sending.until(sending.nothingOpen);
  stop.abort();
  await second;
  expect(sending.server.taken).toHaveLength(60);
  expect(new Set(sending.server.taken.map((mail) => mail.to)).size).toBe(60);
});

test("after the author pressed pause at most one message for each connection goes out", async () => {
  const { db } = database;
  await sending.startServer(() => ({ at: "slow", ms: 50 }));
  const { issue } = await prepareIssue(db, { readers: 60 });
  let takenAtPause = 0;
  await sending.until(async () => {
    if (sending.server.taken.length < 8) return false;
    if (takenAtPause === 0) {
      await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: new Date() } });
      takenAtPause = sending.server.taken.length;
    }
    return (await db.delivery.count({ where: { state: "SENDING" } })) === 0;
  });
  expect(sending.server.taken.length - takenAtPause).toBeLessThanOrEqual(4);
});

function never(): never {
  throw new Error("The test is wrong.");
}
