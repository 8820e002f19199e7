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
import { escapeHtml, fillSlots } from "@/lib/mail/personalise";
import { unsubscribeUrls } from "@/lib/subscribers/unsubscribe";
import type { DeliveryState, MailVariant } from "@/prisma/generated/enums";
import { loadIssue, writeIssueMail } from "./issue-to-send";

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
  const delivery = await db.delivery.findUnique({
    where: { id: deliveryId },
    include: { subscriber: true, issue: { include: { frozenMails: true } } },
  });
  const { subscriber, variant } = delivery ?? {};
  const frozen = delivery?.issue.frozenMails.find((mail) => mail.variant === variant);
  if (!delivery || !subscriber || !variant || !frozen) {
    throw new DomainError("NOT_FOUND", "Nothing of this issue was on its way to this reader.");
  }
  const line =
    delivery.statusLineId === null
      ? null
      : await db.statusLine.findUnique({ where: { id: delivery.statusLineId } });
  const statusLine = line?.text ?? "";
  const { issueId, messageId, messageHash: kept } = delivery;
  const { id: subscriberId, email } = subscriber;
  const plain = writeIssueMail(await loadIssue(db, issueId), {
    issueId,
    subscriberId,
    email,
    messageId,
    variant,
    statusLine,
  });
  const { message, proof } = proven(plain, kept);
  const { unsubscribeUrl } = unsubscribeUrls(subscriberId, { publicUrl: getEnv().PUBLIC_URL });
  const values = { unsubscribeUrl, statusLine };
  return {
    issueId,
    issueTitle: delivery.issue.title,
    subscriberId,
    email,
    state: delivery.state,
    variant,
    sentAt: delivery.sentAt,
    reply: delivery.reply,
    message,
    html: fillSlots(frozen.html, values, escapeHtml),
    text: fillSlots(frozen.text, values, (value) => value),
    proof,
  };
}

/** Whether it was signed is not kept: the hash tells. */
function proven(plain: Buffer, kept: bigint | null): Pick<ReceivedMail, "message" | "proof"> {
  const key = loadDkimKey(getEnv());
  const message = key ? signMessage(plain, key) : plain;
  if (kept === null) return { message, proof: "not-kept" };
  if (messageHash(message) === kept) return { message, proof: "exact" };
  return messageHash(plain) === kept ? { message: plain, proof: "exact" } : { message, proof: "changed" };
}
