/**
 * Reads from Stripe what became of one gift's payment, and writes it down: paid or not, given back or held by a bank. The
 * mails of a paid gift are queued in the same transaction, once. The result depends on Stripe's state alone, so it may
 * run at any time, any number of times, after any event; a lock per gift keeps two runs apart.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import type { Gift } from "@/prisma/generated/client";
import type { GiftMoney } from "@/prisma/generated/enums";
import type { ChangeCause } from "../change";
import { copyPayments, listCharges } from "../copy-payments";
import { idOf, type MoneyBack, moneyBackOf } from "../money-back";
import { mailPaidGift } from "./gift-mails";
import { recountGifts, takeGiftBack } from "./gift-time";

type Services = { now: Date; publicUrl: string; cause?: ChangeCause };

const MONEY = { none: "KEPT", withheld: "WITHHELD", returned: "RETURNED" } as const satisfies Record<
  MoneyBack,
  GiftMoney
>;

/** Null where there is no such gift, or its checkout ran out unpaid, with which it goes. Throws what Stripe throws. */
export async function syncGift(
  db: Database,
  stripe: Stripe,
  giftId: string,
  services: Services,
): Promise<Gift | null> {
  return db.$transaction(
    async (tx) => {
      await lockGift(tx, giftId);
      const gift = await tx.gift.findUnique({ where: { id: giftId } });
      if (!gift?.stripeSessionId) return gift;
      const session = await stripe.checkout.sessions.retrieve(gift.stripeSessionId);
      const intent = idOf(session.payment_intent);
      if (session.payment_status !== "paid" || intent === null) return closeUnpaid(tx, gift, session);
      if (session.amount_total !== gift.amountCents || session.currency !== gift.currency)
        throw new Error(`the gift ${giftId} was paid with another amount than it costs`);
      return writePaid(tx, stripe, { gift, intent }, services);
    },
    { timeout: 30_000, maxWait: 10_000 },
  );
}

/** Held to the end of the transaction by whatever changes a gift. */
export async function lockGift(tx: Transaction, giftId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`gift:${giftId}`}, 0))`;
}

async function closeUnpaid(
  tx: Transaction,
  gift: Gift,
  session: Stripe.Checkout.Session,
): Promise<Gift | null> {
  if (session.status !== "expired" || gift.paidAt) return gift;
  await tx.gift.delete({ where: { id: gift.id } });
  return null;
}

async function writePaid(
  tx: Transaction,
  stripe: Stripe,
  { gift, intent }: { gift: Gift; intent: string },
  services: Services,
): Promise<Gift> {
  const charges = await listCharges(stripe, { payment_intent: intent });
  await copyPayments(tx, { giftId: gift.id }, charges);
  const paid = charges.find(({ status }) => status === "succeeded");
  if (!paid) throw new Error(`the gift ${gift.id} is paid by no charge`);
  const seen = MONEY[await moneyBackOf(stripe, paid)];
  // What was returned stays so: its receiver was told.
  const money = gift.money === "RETURNED" ? gift.money : seen;
  if (gift.paidAt && gift.money === money) return gift;
  const paidAt = gift.paidAt ?? new Date(paid.created * 1_000);
  const after = await tx.gift.update({
    where: { id: gift.id },
    data: { paidAt, money, stripeIntentId: intent },
  });
  if (gift.paidAt === null) log.info({ event: "gifts.paid", giftId: gift.id });
  if (gift.money !== money) await followMoney(tx, after, services);
  if (money === "KEPT" && after.redeemedAt === null)
    await mailPaidGift(tx, after, { ...services, receiptUrl: paid.receipt_url });
  return after;
}

async function followMoney(
  tx: Transaction,
  gift: Gift,
  { now, cause = { kind: "CHECKOUT" } }: Services,
): Promise<void> {
  log.warn({ event: "gifts.money-changed", giftId: gift.id, money: gift.money });
  const { redeemedById } = gift;
  if (gift.money !== "RETURNED") {
    const reason = gift.money === "WITHHELD" ? "payment_disputed" : "the dispute over the gift was won";
    if (redeemedById) await recountGifts(tx, redeemedById, { now, cause, reason });
    return;
  }
  await tx.gift.update({
    where: { id: gift.id },
    data: { receiverEmail: null, receiverName: "", message: "" },
  });
  const reason = "the payment for the gift was given back";
  if (!(await takeGiftBack(tx, gift, { now, cause, reason })) || redeemedById === null) return;
  const { email } = await tx.subscriber.findUniqueOrThrow({ where: { id: redeemedById } });
  await enqueueNotice(tx, {
    kind: "membership-ended",
    to: { subscriberId: redeemedById, email },
    dedupeKey: `gift-returned:${gift.id}`,
    data: {},
  });
}
