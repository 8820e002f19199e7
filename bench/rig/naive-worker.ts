/**
 * How many senders do it: Nodemailer's own pool, five hundred rows at a time, marked as sent when the batch is through.
 * Runs in the same rig under the same blows, to show that the rig finds what it is there to find.
 */
import { setTimeout as sleep } from "node:timers/promises";
import nodemailer from "nodemailer";
import { createDatabase } from "@/lib/db";
import { listUnprepared, prepareDeliveries } from "@/lib/deliveries/prepare";
import { getEnv } from "@/lib/env";
import { createDiskStorage } from "@/lib/issues/images/storage";
import { listDueIssues, publishIssue } from "@/lib/issues/publish";
import { escapeHtml, fillSlots } from "@/lib/mail/personalise";
import { unsubscribeUrl } from "@/lib/subscribers/unsubscribe";

const BATCH = 500;

const { DATABASE_URL, SMTP_URL, SMTP_CONNECTIONS, MAIL_FROM, MEDIA_FOLDER, PUBLIC_URL } = getEnv();
const db = createDatabase(DATABASE_URL, { connections: 4 });
const pool = nodemailer.createTransport({
  url: SMTP_URL,
  pool: true,
  maxConnections: SMTP_CONNECTIONS,
  maxMessages: Number.POSITIVE_INFINITY,
});
process.on("disconnect", () => process.exit(0));

async function prepare(): Promise<void> {
  const now = new Date();
  for (const { id } of await listDueIssues(db, now)) await publishIssue(db, id, { now });
  for (const { id } of await listUnprepared(db)) {
    await prepareDeliveries(db, id, { now, images: createDiskStorage(MEDIA_FOLDER) });
  }
}

async function sendBatch(): Promise<number> {
  const rows = await db.delivery.findMany({
    where: { state: "QUEUED" },
    orderBy: { id: "asc" },
    take: BATCH,
    include: { subscriber: { include: { membership: true } }, issue: { include: { frozenMails: true } } },
  });
  // One that failed is somebody else's trouble: there is a log for it.
  await Promise.allSettled(
    rows.map(({ subscriber, issue }) => {
      const variant = subscriber?.membership?.status === "ACTIVE" ? "WHOLE" : "TEASER";
      const mail = issue.frozenMails.find((frozen) => frozen.variant === variant);
      if (!mail || subscriber?.status !== "CONFIRMED") return null;
      const values = {
        unsubscribeUrl: unsubscribeUrl(subscriber.id, { publicUrl: PUBLIC_URL }),
        statusLine: "You are a free subscriber of The Test Gazette.",
      };
      return pool.sendMail({
        from: MAIL_FROM,
        to: subscriber.email,
        subject: mail.subject,
        text: fillSlots(mail.text, values, (value) => value),
        html: fillSlots(mail.html, values, escapeHtml),
      });
    }),
  );
  await db.delivery.updateMany({
    where: { id: { in: rows.map((row) => row.id) } },
    data: { state: "SENT", sentAt: new Date() },
  });
  return rows.length;
}

for (;;) {
  await prepare();
  if ((await sendBatch()) === 0) await sleep(200);
}
