/**
 * The author mails the link of a gift again, to the buyer or to the receiver, at an address that may be corrected. The link
 * stays the same, so that nothing that was passed on dies. Each call is another mail.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { isBlockedAddress } from "@/lib/subscribers/sign-up";
import { requireAddress } from "./buy-gift";
import { giftKey, mailGift, mailReceipt, receiptKey } from "./gift-mails";

/** Throws INVALID for what is no address, CONFLICT for a gift that is used up or an address that asked for no mail. */
export async function mailGiftAgain(
  db: Database,
  { giftId, to, email }: { giftId: string; to: "buyer" | "receiver"; email: string },
  { publicUrl }: { publicUrl: string },
): Promise<void> {
  const address = requireAddress(email, "email");
  await db.$transaction(async (tx) => {
    if (await isBlockedAddress(tx, address))
      throw new DomainError("CONFLICT", "This address asked for no mail. Pass the link on another way.");
    const { count } = await tx.gift.updateMany({
      where: { id: giftId, paidAt: { not: null }, money: "KEPT", redeemedAt: null },
      data: {
        mailings: { increment: 1 },
        ...(to === "buyer" ? { buyerEmail: address } : { receiverEmail: address }),
      },
    });
    if (count === 0) throw new DomainError("CONFLICT", "This gift was redeemed or given back meanwhile.");
    const gift = await tx.gift.findUniqueOrThrow({ where: { id: giftId } });
    if (to === "receiver") await mailGift(tx, gift, { publicUrl, dedupeKey: giftKey(gift) });
    else
      await mailReceipt(tx, gift, {
        publicUrl,
        receiptUrl: null,
        isMailed: false,
        dedupeKey: receiptKey(gift),
      });
  });
  log.info({ event: "gifts.mailed-again", giftId, to });
}
