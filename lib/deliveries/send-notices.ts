/**
 * Sends what waits in the outbox. Several workers may run it at once: a claim is a lease by the database's clock, and
 * only the attempt that holds it may settle. A notice whose answer was lost is sent again, because a second sign-in code
 * or receipt harms nobody and a missing one does.
 */
import { z } from "zod";
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { cardOf } from "@/lib/issues/cut-for-viewer";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { log, maskPersonalText } from "@/lib/log";
import type { ComposedMail } from "@/lib/mail/compose";
import { composeNotice } from "@/lib/mail/compose-notice";
import type { Signer } from "@/lib/mail/dkim";
import { issueHeaders, noticeHeaders } from "@/lib/mail/headers";
import type { Mailer, SendResult } from "@/lib/mail/mailer";
import { prepareBody, writeMessage } from "@/lib/mail/mime";
import { type NoticeContent, parseNoticeContent } from "@/lib/mail/notice-kinds";
import { noticeReturnPath } from "@/lib/mail/return-path";
import { accessRulesAt } from "@/lib/memberships/access";
import { formatDate } from "@/lib/publication/format";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { oneClickUrl, unsubscribeUrl } from "@/lib/subscribers/unsubscribe";
import { type Notice, Prisma } from "@/prisma/generated/client";
import { recordRefusals } from "./bounces/record-refusals";
import { DATABASE_NOW, databaseNowPlus } from "./clock";
import { previewIssueMail } from "./issue-mail";
import { outcomeOf } from "./outcome";

const LEASE_SECONDS = 120;
const AT_ONCE = 10;
const WAITS_SECONDS = [5, 30, 120, 600, 1_800, 3_600];
const MOST_ATTEMPTS = 30;
/** All of them well within the lease. */
const SETTLE_AGAIN_MS = [100, 500, 2_000, 5_000, 10_000, 20_000];

type Services = { mailer: Mailer; signer?: Signer | null; images: ImageStorage; now: Date };
type Claimed = Pick<
  Notice,
  "id" | "kind" | "email" | "subscriberId" | "data" | "messageId" | "attempt" | "createdAt"
>;

/** How many notices it settled; 0 means that nothing was due. */
export async function sendDueNotices(db: Database, services: Services): Promise<number> {
  await dropExpired(db);
  const notices = await claim(db);
  if (notices.length === 0) return 0;
  const publication = await getPublication(db);
  await Promise.all(notices.map((notice) => sendOne(db, notice, publication, services)));
  return notices.length;
}

async function dropExpired(db: Database): Promise<void> {
  await db.$executeRaw`
    UPDATE "Notice" SET state = 'FAILED', data = '{}', reply = 'expired before it could be sent'
    WHERE state = 'QUEUED' AND "expiresAt" < ${DATABASE_NOW}`;
}

async function claim(db: Database): Promise<Claimed[]> {
  return db.$queryRaw<Claimed[]>`
    UPDATE "Notice" n SET state = 'SENDING', attempt = n.attempt + 1, "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}
    WHERE n.id IN (
      SELECT id FROM "Notice"
      WHERE (state = 'QUEUED' AND "nextAttemptAt" <= ${DATABASE_NOW})
        OR (state = 'SENDING' AND "leaseUntil" < ${DATABASE_NOW})
      ORDER BY "createdAt" LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING n.id, n.kind, n.email, n."subscriberId", n.data, n."messageId", n.attempt, n."createdAt"`;
}

async function sendOne(
  db: Database,
  notice: Claimed,
  publication: PublicationSettings,
  services: Services,
): Promise<void> {
  const result = await handOver(db, notice, publication, services);
  await settleOrLeave(db, notice, result);
  if (result.kind !== "refused" || !isFinal(result)) return;
  const { code, enhanced: status, reply: words } = result;
  await recordRefusals(db, [{ noticeId: notice.id, code, status, words }], { now: services.now });
}

/** What cannot be written today cannot be tomorrow; whatever else kept it from the mail server may pass. */
type NotSent = { kind: "unwritable" | "unprepared"; reason: string };

/** Never throws. */
async function handOver(
  db: Database,
  notice: Claimed,
  publication: PublicationSettings,
  services: Services,
): Promise<SendResult | NotSent> {
  try {
    const plain = await compose(db, notice, publication, services);
    const message = services.signer ? await services.signer.sign(plain) : plain;
    return await services.mailer.send({ from: noticeReturnPath(notice.id), to: notice.email }, message);
  } catch (error) {
    const kind = isForGood(error) ? "unwritable" : "unprepared";
    log.error({ event: `notices.${kind}`, noticeId: notice.id, kind: notice.kind, error });
    const words = error instanceof Error ? error.message : String(error);
    return { kind, reason: maskPersonalText(words).slice(0, 300) };
  }
}

/** Data that no template takes, what no message may hold, or an issue that is gone. */
function isForGood(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return error.code === "P2025";
  return error instanceof z.ZodError || error instanceof RangeError || error instanceof DomainError;
}

async function compose(
  db: Database,
  notice: Claimed,
  publication: PublicationSettings,
  services: Services,
): Promise<Buffer> {
  const { MAIL_FROM, PUBLIC_URL } = getEnv();
  const content = parseNoticeContent(notice.kind, notice.data);
  const mail = await drawn(db, notice, content, publication, services);
  const sender = { name: publication.senderName, address: MAIL_FROM, replyTo: publication.replyTo };
  const head = {
    sender,
    to: notice.email,
    subject: mail.subject,
    messageId: notice.messageId,
    date: notice.createdAt,
  };
  const leave = notice.subscriberId
    ? { oneClickUrl: oneClickUrl(notice.subscriberId, { publicUrl: PUBLIC_URL }) }
    : null;
  const headers =
    content.kind === "test-issue" && leave
      ? issueHeaders({
          ...head,
          ...leave,
          issueId: content.data.issueId,
          publicationName: publication.name,
          publicUrl: PUBLIC_URL,
        })
      : noticeHeaders({ ...head, ...(content.kind === "welcome" && leave) });
  return writeMessage(headers, prepareBody({ ...mail, seed: notice.id }), null);
}

async function drawn(
  db: Database,
  notice: Claimed,
  content: NoticeContent,
  publication: PublicationSettings,
  services: Services,
): Promise<ComposedMail> {
  const { PUBLIC_URL: publicUrl } = getEnv();
  if (content.kind === "test-issue") {
    const { issueId, variant } = content.data;
    const mail = await previewIssueMail(db, { issueId, variant }, services);
    return { ...mail, subject: `[Test] ${mail.subject}` };
  }
  const latest = content.kind === "welcome" ? await latestIssue(db, publication, services.now) : null;
  const unsubscribe = notice.subscriberId
    ? unsubscribeUrl(notice.subscriberId, { publicUrl })
    : `${publicUrl}/account`;
  return composeNotice(content, { publication, publicUrl, latest, unsubscribeUrl: unsubscribe });
}

async function latestIssue(db: Database, publication: PublicationSettings, now: Date) {
  const issue = await db.issue.findFirst({
    where: { kind: "ISSUE", state: "PUBLISHED", publishedAt: { not: null } },
    orderBy: { publishedAt: "desc" },
  });
  if (!issue?.publishedAt) return null;
  const { title, excerpt, slug } = cardOf(issue, accessRulesAt(now, publication));
  return {
    title,
    excerpt,
    url: `${getEnv().PUBLIC_URL}/p/${slug}`,
    date: formatDate(issue.publishedAt, publication),
  };
}

/** The server's answer is not given up because the database is away. Never throws: after that its lease decides. */
async function settleOrLeave(db: Database, notice: Claimed, result: SendResult | NotSent): Promise<void> {
  for (const pause of [...SETTLE_AGAIN_MS, null]) {
    try {
      return await settle(db, notice, result);
    } catch (error) {
      const { id: noticeId, kind } = notice;
      log.error({ event: "notices.settle-failed", noticeId, kind, result: result.kind, error });
    }
    if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function settle(db: Database, notice: Claimed, result: SendResult | NotSent): Promise<void> {
  switch (result.kind) {
    case "accepted":
      return write(db, notice, { state: "SENT", reply: result.reply });
    case "refused":
      if (isFinal(result)) return write(db, notice, { state: "FAILED", reply: result.reply });
      return retry(db, notice, result.reply);
    case "unwritable":
      return write(db, notice, { state: "FAILED", reply: result.reason });
    case "unprepared":
    case "unreachable":
    case "uncertain":
      return retry(db, notice, result.reason);
    case "not-begun":
    case "withheld":
      return retry(db, notice, "nothing was sent");
  }
}

/** What is refused because of us says nothing of the reader, and waits until we are taken again. */
function isFinal(result: Extract<SendResult, { kind: "refused" }>): boolean {
  return outcomeOf(result, 0).settle.state === "FAILED";
}

async function retry(db: Database, notice: Claimed, reply: string): Promise<void> {
  if (notice.attempt >= MOST_ATTEMPTS) return write(db, notice, { state: "FAILED", reply });
  const wait = WAITS_SECONDS[notice.attempt - 1] ?? 3_600;
  await db.$executeRaw`
    UPDATE "Notice" SET state = 'QUEUED', "leaseUntil" = NULL, reply = ${reply}, "nextAttemptAt" = ${databaseNowPlus(wait)}
    WHERE id = ${notice.id} AND attempt = ${notice.attempt} AND state = 'SENDING'`;
}

async function write(
  db: Database,
  notice: Claimed,
  end: { state: "SENT" | "FAILED"; reply: string },
): Promise<void> {
  await db.$executeRaw`
    UPDATE "Notice" SET state = ${end.state}::"NoticeState", "leaseUntil" = NULL, reply = ${end.reply}, data = '{}',
      "sentAt" = CASE WHEN ${end.state} = 'SENT' THEN ${DATABASE_NOW} END
    WHERE id = ${notice.id} AND attempt = ${notice.attempt} AND state = 'SENDING'`;
  log.info({ event: `notices.${end.state.toLowerCase()}`, noticeId: notice.id, kind: notice.kind });
}
