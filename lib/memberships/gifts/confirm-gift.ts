/**
 * For the page that Stripe leads the buyer back to: looks the order up at Stripe, through the same code as the webhook, so
 * that nobody waits for it. The address of the page grants nothing and shows no link to redeem. Safe to run again.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { takeToken } from "@/lib/rate-limit";
import { maskAddress } from "@/lib/subscribers/address";
import type { Gift } from "@/prisma/generated/client";
import { askStripe } from "../ask-stripe";
import { readOrderToken } from "./gift-link";
import { syncGift } from "./sync-gift";

export type ConfirmedGift = {
  isPaid: boolean;
  months: number;
  /** Shortened: enough to recognise one's own. */
  buyer: string | null;
  mailsReceiver: boolean;
};

/** Null for a forged address, and for an order that ran out. Unpaid while Stripe says so, or does not answer. */
export async function confirmGift(
  db: Database,
  stripe: Stripe,
  token: string,
  services: { now: Date; publicUrl: string },
): Promise<ConfirmedGift | null> {
  const id = readOrderToken(token, services);
  if (id === null) return null;
  const key = `confirm-gift:${id}`;
  const { allowed } = await takeToken(db, { key, limit: 30, windowSeconds: 600, now: services.now });
  let gift = await db.gift.findUnique({ where: { id } });
  if (gift && gift.paidAt === null && allowed) {
    try {
      gift = await askStripe(() => syncGift(db, stripe, id, services));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      log.warn({ event: "gifts.confirm-waits", giftId: id, error });
    }
  }
  return gift && shown(gift);
}

function shown({ paidAt, months, buyerEmail, mailsReceiver }: Gift): ConfirmedGift {
  return {
    isPaid: paidAt !== null,
    months,
    buyer: buyerEmail && maskAddress(buyerEmail),
    mailsReceiver,
  };
}

/** What was typed into an order that is not paid, for a buyer who comes back from Stripe to change it; else empty. */
export async function readGiftOrder(
  db: Database,
  token: string,
  options: { now: Date },
): Promise<Record<string, string>> {
  const id = readOrderToken(token, options);
  const gift = id === null ? null : await db.gift.findUnique({ where: { id } });
  if (!gift || gift.paidAt !== null) return {};
  return {
    months: String(gift.months),
    buyerEmail: gift.buyerEmail ?? "",
    delivery: gift.mailsReceiver ? "receiver" : "buyer",
    receiverName: gift.receiverName,
    receiverEmail: gift.receiverEmail ?? "",
    message: gift.message,
  };
}
