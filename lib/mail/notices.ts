/**
 * Puts a notice into the outbox, in the transaction of what it tells about, so that both happen or neither. May run
 * twice: a key that was used before adds nothing. Never talks to a mail server; the worker does, within a second.
 */
import { randomUUID } from "node:crypto";
import { type Database, databaseNow, type Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { askForJob } from "@/lib/jobs";
import { messageIdAt } from "./headers";
import { type NoticeContent, parseNoticeContent } from "./notice-kinds";

export type NewNotice = NoticeContent & {
  /** `subscriberId` is null only for people who are no subscribers, such as an author who gets a test. */
  to: { subscriberId: string | null; email: string };
  /** Stands for the fact that the notice tells; one notice each, for ever. */
  dedupeKey: string;
  /** So much later the notice is worthless and is dropped unsent. */
  expiresInSeconds?: number;
};

/** False where a notice with this key exists already. Throws a ZodError for data that does not fit the kind. */
export async function enqueueNotice(tx: Database | Transaction, notice: NewNotice): Promise<boolean> {
  const { data } = parseNoticeContent(notice.kind, notice.data);
  const now = await databaseNow(tx);
  const { count } = await tx.notice.createMany({
    data: [
      {
        kind: notice.kind,
        dedupeKey: notice.dedupeKey,
        subscriberId: notice.to.subscriberId,
        email: notice.to.email,
        data,
        messageId: messageIdAt(`notice.${randomUUID()}`, getEnv().MAIL_FROM),
        createdAt: now,
        nextAttemptAt: now,
        expiresAt: notice.expiresInSeconds ? new Date(now.getTime() + notice.expiresInSeconds * 1_000) : null,
      },
    ],
    skipDuplicates: true,
  });
  if (count > 0) await askForJob(tx, "notices", {});
  return count > 0;
}
