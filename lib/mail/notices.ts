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
  /** From then on the notice is worthless and is dropped unsent. */
  expiresAt?: Date;
  /** The same, counted from now by the database's clock: for what lives for minutes. */
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
        expiresAt: endOf(notice, now),
      },
    ],
    skipDuplicates: true,
  });
  if (count > 0) await askForJob(tx, "notices", {});
  return count > 0;
}

function endOf({ expiresAt, expiresInSeconds }: NewNotice, now: Date): Date | null {
  if (expiresInSeconds === undefined) return expiresAt ?? null;
  return new Date(now.getTime() + expiresInSeconds * 1_000);
}
