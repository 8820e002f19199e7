import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as environment from "@/lib/env";
import { log } from "@/lib/log";
import { createMailer } from "@/lib/mail/mailer";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Fault, startTestServer } from "@/lib/mail/smtp.fixture";
import { createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { openJournal } from "../journal";
import { openLedger } from "../ledger";
import { sendDeliveries } from "../send";
import { sendDueNotices } from "../send-notices";
import { countStates, memoryImages, NOW, prepareIssue } from "../sending.fixture";
import { complaintReport, reportOf } from "./corpus.fixture";
import { takeReport } from "./take-report";

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "masthead-round-trip-"));
  const env = { ...environment.getEnv(), BOUNCE_DOMAIN: "bounce.example.com" };
  vi.spyOn(environment, "getEnv").mockReturnValue(env);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sends what is prepared over real SMTP, and gives what the mail server took. */
async function sendAll(fault: (to: string) => Fault | null = () => null) {
  const server = await startTestServer({ fault });
  const mailer = createMailer(server.url, { connections: 2, answerTimeoutMs: 2_000 });
  const ledger = openLedger(database.url, { connections: 2 });
  const stop = new AbortController();
  const journal = openJournal(folder);
  const sending = sendDeliveries(database.db, { ledger, mailer, journal, signal: stop.signal, pollMs: 20 });
  const open = { state: { in: ["QUEUED" as const, "SENDING" as const] } };
  await vi.waitFor(async () => expect(await database.db.delivery.count({ where: open })).toBe(0), {
    timeout: 15_000,
  });
  stop.abort();
  await sending;
  await Promise.all([ledger.close(), mailer.close(), server.close()]);
  return server.taken;
}

function report(to: string, original: string): Buffer {
  const status =
    "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; x@example.net\nAction: failed\nStatus: 5.1.1";
  return Buffer.from(
    reportOf({
      to,
      from: "MAILER-DAEMON@mx.example.net",
      subject: "Undelivered",
      reportType: "delivery-status",
      parts: [
        ["message/delivery-status", status],
        ["message/rfc822", original],
      ],
    }),
  );
}

test("F18: a mail that the server took and gave back later closes the address of the reader who was to get it", async () => {
  const { readers } = await prepareIssue(database.db, { readers: 5 });
  const taken = await sendAll();
  expect(new Set(taken.map(({ from }) => from)).size).toBe(5);
  const [mail] = taken;
  if (!mail) throw new Error("Nothing was sent.");
  await takeReport(
    database.db,
    { to: mail.from, source: report(mail.from, mail.source.toString()) },
    { now: NOW },
  );
  const closed = await database.db.subscriber.findMany({ where: { status: "SUPPRESSED" } });
  expect(closed.map(({ email }) => email)).toEqual([mail.to]);
  expect(readers.map(({ email }) => email)).toContain(mail.to);
  expect(await countStates(database.db)).toEqual({ SENT: 5 });
});

test("F12: what the server refuses while sending counts for readers without a mailbox, and never for what is about us", async () => {
  const { readers } = await prepareIssue(database.db, { readers: 3 });
  const [gone, spam] = readers;
  await sendAll((to) => {
    if (to === gone?.email) return { at: "rcpt", code: 550, text: "5.1.1 no such user" };
    return to === spam?.email ? { at: "rcpt", code: 550, text: "5.7.1 rejected as spam" } : null;
  });
  await expect.poll(() => database.db.bounce.count()).toBe(1);
  expect(await database.db.subscriber.findMany({ where: { status: "SUPPRESSED" } })).toMatchObject([
    { id: gone?.id },
  ]);
});

/** One notice to one person, over real SMTP. */
async function sendNotice(fault: (to: string) => Fault | null = () => null) {
  const { db } = database;
  await createPublication(db);
  const { id: subscriberId, email } = await createSubscriber(db);
  await enqueueNotice(db, {
    kind: "already-subscribed",
    to: { subscriberId, email },
    dedupeKey: "one",
    data: {},
  });
  const server = await startTestServer({ fault });
  const mailer = createMailer(server.url, { connections: 1, answerTimeoutMs: 2_000 });
  await sendDueNotices(db, { mailer, images: memoryImages(), now: NOW });
  await Promise.all([mailer.close(), server.close()]);
  return { subscriberId, email, mail: server.taken[0] };
}
const statusOf = async (id: string) =>
  (await database.db.subscriber.findUniqueOrThrow({ where: { id } })).status;

test("a notice that came back counts for the person it went to, once", async () => {
  const { subscriberId, mail } = await sendNotice();
  if (!mail) throw new Error("Nothing was sent.");
  const returned = { to: mail.from, source: report(mail.from, mail.source.toString()) };
  expect(await takeReport(database.db, returned, { now: NOW })).toEqual({ kind: "HARD", closed: "bounced" });
  await takeReport(database.db, returned, { now: NOW });
  expect(await database.db.bounce.count()).toBe(1);
  expect(await statusOf(subscriberId)).toBe("SUPPRESSED");
});

test("a complaint about a notice finds its person by the identifier alone", async () => {
  const { subscriberId, email } = await sendNotice();
  const { messageId } = await database.db.notice.findFirstOrThrow();
  const complaint = complaintReport({
    to: "complaints@bounce.example.com",
    from: "loop@yahoo.example",
    type: "abuse",
    fields: [],
    original: ["message/rfc822", `From: weekly@example.com\nTo: ${email}\nMessage-ID: ${messageId}\n\nHello`],
  });
  const taken = { to: "complaints@bounce.example.com", source: Buffer.from(complaint) };
  expect(await takeReport(database.db, taken, { now: NOW })).toMatchObject({ closed: "complained" });
  expect(await statusOf(subscriberId)).toBe("SUPPRESSED");
});

test("what nobody can take apart is told to the operator, without a word of it", async () => {
  const warn = vi.spyOn(log, "warn");
  const { mail } = await sendNotice();
  const source = Buffer.from(`X-Long: ${"x".repeat(1_900_000)}\r\n\r\nHello`);
  expect(await takeReport(database.db, { to: mail?.from ?? "", source }, { now: NOW })).toBe("nothing");
  expect(warn.mock.calls).toEqual([
    [{ event: "deliveries.report-unreadable", reason: "EMAXLEN", bytes: source.length }],
  ]);
});

test("a notice to an address that the person has no more counts for nobody", async () => {
  const { subscriberId, mail } = await sendNotice();
  await database.db.subscriber.update({ where: { id: subscriberId }, data: { email: "new@example.com" } });
  const to = mail?.from ?? "";
  expect(await takeReport(database.db, { to, source: report(to, "From: x@example.com") }, { now: NOW })).toBe(
    "unknown",
  );
  expect(await statusOf(subscriberId)).toBe("CONFIRMED");
});

test("a notice that the server refuses at once counts as well, and what is about us does not", async () => {
  const { subscriberId } = await sendNotice(() => ({ at: "rcpt", code: 550, text: "5.1.1 no such user" }));
  expect(await statusOf(subscriberId)).toBe("SUPPRESSED");
  await database.empty();
  const spared = await sendNotice(() => ({ at: "rcpt", code: 550, text: "5.7.1 rejected as spam" }));
  expect(await statusOf(spared.subscriberId)).toBe("CONFIRMED");
});
