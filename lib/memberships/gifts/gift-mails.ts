/** The mails of a gift that was paid: the buyer's receipt with the link, and the gift itself where we mail it. */
import type { Transaction } from "@/lib/db";
import { enqueueNotice } from "@/lib/mail/notices";
import { formatMoney } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { isBlockedAddress } from "@/lib/subscribers/sign-up";
import type { Gift } from "@/prisma/generated/client";
import { giftUrl } from "./gift-link";

type Services = { publicUrl: string; receiptUrl: string | null };

/** Once a gift: the keys stand for it. An address that asked for no mail gets none, and the receipt says so. */
export async function mailPaidGift(tx: Transaction, gift: Gift, services: Services): Promise<void> {
  const isMailed =
    gift.mailsReceiver && gift.receiverEmail !== null && !(await isBlockedAddress(tx, gift.receiverEmail));
  await mailReceipt(tx, gift, { ...services, isMailed, dedupeKey: receiptKey(gift) });
  if (isMailed) await mailGift(tx, gift, { ...services, dedupeKey: giftKey(gift) });
}

/** Of the newest mail; a gift that is mailed again gets another one. */
export function receiptKey({ id, mailings }: Pick<Gift, "id" | "mailings">): string {
  return `gift-receipt:${id}:${mailings}`;
}

export function giftKey({ id, mailings }: Pick<Gift, "id" | "mailings">): string {
  return `gift-received:${id}:${mailings}`;
}

export async function mailReceipt(
  tx: Transaction,
  gift: Gift,
  options: Services & { isMailed: boolean; dedupeKey: string },
): Promise<void> {
  if (gift.buyerEmail === null) return;
  const { language } = await getPublication(tx);
  await enqueueNotice(tx, {
    kind: "gift-receipt",
    to: { subscriberId: gift.buyerId, email: gift.buyerEmail },
    dedupeKey: options.dedupeKey,
    data: {
      amountLabel: formatMoney(gift.amountCents, gift.currency, language),
      months: gift.months,
      giftUrl: giftUrl(gift.id, options),
      mailedTo: options.isMailed ? gift.receiverEmail : null,
      receiptUrl: options.receiptUrl,
    },
  });
}

/** To somebody whom we may not know; whoever they are, their row here is not looked for. */
export async function mailGift(
  tx: Transaction,
  gift: Gift,
  options: { publicUrl: string; dedupeKey: string },
): Promise<void> {
  if (gift.receiverEmail === null) return;
  await enqueueNotice(tx, {
    kind: "gift-received",
    to: { subscriberId: null, email: gift.receiverEmail },
    dedupeKey: options.dedupeKey,
    data: {
      months: gift.months,
      giftUrl: giftUrl(gift.id, options),
      from: gift.buyerEmail,
      name: gift.receiverName,
      message: gift.message,
    },
  });
}
