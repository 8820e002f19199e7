import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as environment from "@/lib/env";
import { createMailer } from "@/lib/mail/mailer";
import { type Fault, startTestServer } from "@/lib/mail/smtp.fixture";
import { useTestDatabase } from "@/prisma/test-database";
import { openJournal } from "../journal";
import { openLedger } from "../ledger";
import { sendDeliveries } from "../send";
import { countStates, NOW, prepareIssue } from "../sending.fixture";
import { reportOf } from "./corpus.fixture";
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
