/** Ours: the sending part of the worker, with its ledger and its journal. Ends when nothing is open. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase } from "@/lib/db";
import { openJournal } from "@/lib/deliveries/journal";
import { openLedger } from "@/lib/deliveries/ledger";
import { hearNews } from "@/lib/deliveries/news";
import { sendDeliveries } from "@/lib/deliveries/send";
import { createSigner, readDkimKey } from "@/lib/mail/dkim";
import { createMailer } from "@/lib/mail/mailer";
import { Prisma } from "@/prisma/generated/client";
import { readTask, report } from "./contestant";

const task = readTask();
const db = createDatabase(task.databaseUrl, { connections: 4 });
const ledger = openLedger(task.databaseUrl, { connections: 4 });
const news = hearNews(task.databaseUrl);
const journal = openJournal(join(task.folder, "journal"));
const mailer = createMailer(task.smtpUrl, { connections: task.connections });
const dkimKey =
  task.dkimKey === null
    ? null
    : readDkimKey({ domain: "benchmark.test", selector: "bench", pem: task.dkimKey });
const signer = dkimKey && createSigner(dkimKey);
const stop = new AbortController();
// Asked before the clock runs: a worker has loaded the database's client long before it has something to send.
const { id: issueId } = await db.issue.findFirstOrThrow({ where: { audienceFrozenAt: { not: null } } });
const before = process.cpuUsage();
const sending = sendDeliveries(db, { ledger, news, mailer, signer, journal, signal: stop.signal });
/** In the order of the index, one state at a time: else Postgres may read the whole ledger for it. */
const isAny = async (state: "QUEUED" | "SENDING") => {
  const rows = await ledger.query(Prisma.sql`
    SELECT FROM "Delivery" WHERE "issueId" = ${issueId} AND state = ${state}::"DeliveryState"
    ORDER BY "nextAttemptAt" LIMIT 1`);
  return rows.length > 0;
};
while ((await isAny("QUEUED")) || (await isAny("SENDING"))) await sleep(250);
stop.abort();
await sending;
const { user, system } = process.cpuUsage(before);
await mailer.close();
const sent = await db.delivery.count({ where: { state: "SENT" } });
if (sent !== task.messages) throw new Error(`The ledger has ${sent} as sent, not ${task.messages}.`);
report({ sendingCpuSeconds: (user + system) / 1e6 });
