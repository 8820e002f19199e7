/**
 * The message that one reader got, byte for byte, written again from what was frozen and what was kept of the copy, and
 * compared with the hash of what went to the mail server. Reads only. The caller makes sure that an author asks.
 */
import { hash } from "node:crypto";
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { signMessage } from "@/lib/mail/dkim";
import { loadDkimKey } from "@/lib/mail/dkim-key";
import { issueMessageId } from "@/lib/mail/headers";
import { escapeHtml, fillSlots } from "@/lib/mail/personalise";
import { unsubscribeUrls } from "@/lib/subscribers/unsubscribe";
import type { DeliveryState, MailVariant } from "@/prisma/generated/enums";
import { loadIssue, writeIssueMail } from "./issue-to-send";
import { LEDGER_ROWS, type LedgerRow } from "./ledger-rows";

export type ReceivedMail = {
  issueId: string;
  issueTitle: string;
  subscriberId: string;
  email: string;
  state: DeliveryState;
  variant: MailVariant;
  /** When the mail server took it. */
  sentAt: Date | null;
  reply: string | null;
  /** Compacted: of what was taken, the server's words are no longer known. */
  past: boolean;
  message: Buffer;
  html: string;
  text: string;
  /** `exact` is proven; `changed` means that the address, the sender or the key are not what they were. */
  proof: "exact" | "changed" | "not-kept";
};

/** As kept beside a delivery. */
export function messageHash(message: Buffer): bigint {
  return hash("sha256", message, "buffer").readBigInt64BE(0);
}

/** Throws NOT_FOUND where nothing was ever on its way, or its reader was erased. */
export async function getReceivedMail(db: Database, deliveryId: bigint): Promise<ReceivedMail> {
  const [delivery] = await db.$queryRaw<
    LedgerRow[]
  >`SELECT r.* FROM ${LEDGER_ROWS} r WHERE r.id = ${deliveryId}`;
  const { subscriberId, variant } = delivery ?? {};
  if (!delivery || !subscriberId || !variant) throw nothingThere();
  const { issueId, messageHash: kept } = delivery;
  const [subscriber, frozen] = await Promise.all([
    db.subscriber.findUnique({ where: { id: subscriberId }, select: { email: true } }),
    db.frozenMail.findUnique({
      where: { issueId_variant: { issueId, variant } },
      include: { issue: { select: { title: true } } },
    }),
  ]);
  if (!subscriber || !frozen) throw nothingThere();
  const { email } = subscriber;
  const line =
    delivery.statusLineId === null
      ? null
      : await db.statusLine.findUnique({ where: { id: delivery.statusLineId } });
  const statusLine = line?.text ?? "";
  const plain = writeIssueMail(await loadIssue(db, issueId), {
    issueId,
    subscriberId,
    email,
    messageId: await messageIdOf(db, delivery, subscriberId),
    variant,
    statusLine,
  });
  const { message, proof } = proven(plain, kept);
  const { unsubscribeUrl } = unsubscribeUrls(subscriberId, { publicUrl: getEnv().PUBLIC_URL });
  const values = { unsubscribeUrl, statusLine };
  return {
    issueId,
    issueTitle: frozen.issue.title,
    subscriberId,
    email,
    state: delivery.state,
    variant,
    sentAt: delivery.sentAt,
    reply: delivery.reply,
    past: delivery.past,
    message,
    html: fillSlots(frozen.html, values, escapeHtml),
    text: fillSlots(frozen.text, values, (value) => value),
    proof,
  };
}

function nothingThere(): DomainError {
  return new DomainError("NOT_FOUND", "Nothing of this issue was on its way to this reader.");
}

/** Kept while the delivery is; afterwards made again, from what made it. */
async function messageIdOf(
  db: Database,
  { id, issueId, past }: LedgerRow,
  subscriberId: string,
): Promise<string> {
  if (past) return issueMessageId(issueId, subscriberId, { mailFrom: getEnv().MAIL_FROM });
  const { messageId } = await db.delivery.findUniqueOrThrow({ where: { id }, select: { messageId: true } });
  return messageId;
}

/** Whether it was signed is not kept: the hash tells. */
function proven(plain: Buffer, kept: bigint | null): Pick<ReceivedMail, "message" | "proof"> {
  const key = loadDkimKey(getEnv());
  const message = key ? signMessage(plain, key) : plain;
  if (kept === null) return { message, proof: "not-kept" };
  if (messageHash(message) === kept) return { message, proof: "exact" };
  return messageHash(plain) === kept ? { message: plain, proof: "exact" } : { message, proof: "changed" };
}
