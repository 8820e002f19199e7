/**
 * Which gift a stored webhook tells of, found by Stripe's own ids. The metadata that we wrote at Stripe only says where to
 * look when the payment is not known here yet; `syncGift` believes what our own checkout session says.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { idOf } from "../money-back";

const TYPES = /^(?:checkout\.session|charge|refund|payment_intent)\./;

/** Null for what is about no gift. Throws what Stripe throws. */
export async function findGiftOf(
  db: Database,
  stripe: Stripe,
  event: { id: string; type: string },
): Promise<string | null> {
  if (!TYPES.test(event.type)) return null;
  const { object } = (await stripe.events.retrieve(event.id)).data;
  if (object.object === "checkout.session") {
    const gift = await db.gift.findUnique({ where: { stripeSessionId: object.id }, select: { id: true } });
    return gift?.id ?? null;
  }
  const intent = intentOf(object);
  if (intent === null) return null;
  const known = await db.gift.findUnique({ where: { stripeIntentId: intent }, select: { id: true } });
  if (known) return known.id;
  const { giftId } = (await stripe.paymentIntents.retrieve(intent)).metadata;
  return giftId ?? null;
}

function intentOf(object: Stripe.Event.Data.Object): string | null {
  if (!("object" in object)) return null;
  if (object.object === "payment_intent" && "id" in object) return String(object.id);
  if (!("payment_intent" in object)) return null;
  return idOf(object.payment_intent as string | { id: string } | null);
}
