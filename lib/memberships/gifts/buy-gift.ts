/**
 * Writes down what somebody wants to give and opens Stripe's hosted checkout for it. Amount and metadata are ours alone;
 * nobody's words or addresses but the buyer's own pass through Stripe, and no customer is made there. Running twice makes
 * two orders, of which only a paid one is worth anything: that is for `syncGift` to find out.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { getPublication } from "@/lib/publication/queries";
import { type Limit, takeToken } from "@/lib/rate-limit";
import { isRoleAddress, mailboxKey, parseAddress } from "@/lib/subscribers/address";
import type { Gift } from "@/prisma/generated/client";
import { askStripe } from "../ask-stripe";
import { type GiftMonths, giftAmount } from "./amount";
import { makeOrderToken } from "./gift-link";

const PER_CLIENT: Limit = { limit: 20, windowSeconds: 3_600 };
const PER_MAILBOX: Limit = { limit: 10, windowSeconds: 3_600 };

export type GiftOrder = {
  months: GiftMonths;
  buyerEmail: string;
  /** Who is signed in, if anybody; an address that was typed proves nothing. */
  buyerId: string | null;
  receiverEmail: string;
  receiverName: string;
  message: string;
  delivery: "receiver" | "buyer";
  /** From `clientAddress`. */
  client: string | null;
};

/** Throws INVALID for addresses that are none, TOO_MANY, and UNAVAILABLE when Stripe does not answer. */
export async function buyGift(
  db: Database,
  stripe: Stripe,
  order: GiftOrder,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<{ url: string }> {
  const buyerEmail = requireAddress(order.buyerEmail, "buyerEmail");
  const receiverEmail = receiverOf(order);
  await requirePatience(db, { client: order.client, buyerEmail }, now);
  const publication = await getPublication(db);
  const amountCents = giftAmount(publication, order.months);
  if (amountCents <= 0) throw new DomainError("UNAVAILABLE", "Gifts are not on sale at the moment.");
  return askStripe(async () => {
    const product = await ensureGiftProduct(stripe, publication.name, order.months);
    const gift = await db.gift.create({
      data: {
        months: order.months,
        amountCents,
        currency: publication.currency,
        buyerEmail,
        buyerId: order.buyerId,
        receiverEmail,
        receiverName: order.receiverName,
        message: order.message,
        mailsReceiver: order.delivery === "receiver",
        createdAt: now,
      },
    });
    const session = await createSession(stripe, gift, { product, buyerEmail, publicUrl });
    await db.gift.update({ where: { id: gift.id }, data: { stripeSessionId: session.id } });
    if (!session.url) throw new Error(`checkout session ${session.id} has no address`);
    log.info({ event: "gifts.checkout-started", giftId: gift.id, sessionId: session.id });
    return { url: session.url };
  });
}

export function requireAddress(typed: string, field: string): string {
  const address = parseAddress(typed);
  const problem = !address.ok
    ? address.problem
    : isRoleAddress(address.email)
      ? "This address belongs to a duty, not to a person."
      : null;
  if (address.ok && problem === null) return address.email;
  throw new DomainError("INVALID", problem ?? "", { fields: { [field]: problem ?? "" } });
}

function receiverOf({ receiverEmail, delivery }: GiftOrder): string | null {
  if (receiverEmail.trim() !== "") return requireAddress(receiverEmail, "receiverEmail");
  if (delivery === "buyer") return null;
  const problem = "Write the receiver's address, or choose to pass the link on yourself.";
  throw new DomainError("INVALID", problem, { fields: { receiverEmail: problem } });
}

async function requirePatience(
  db: Database,
  { client, buyerEmail }: { client: string | null; buyerEmail: string },
  now: Date,
): Promise<void> {
  const key = `gift:mailbox:${mailboxKey(buyerEmail)}`;
  const answers = [await takeToken(db, { ...PER_MAILBOX, key, now })];
  if (client !== null)
    answers.push(await takeToken(db, { ...PER_CLIENT, key: `gift:client:${client}`, now }));
  const refused = answers.find(({ allowed }) => !allowed);
  if (!refused) return;
  throw new DomainError("TOO_MANY", "That were many tries. Please wait an hour, then try again.", {
    retryAfterSeconds: refused.retryAfterSeconds,
  });
}

/** One product for each length, so that Stripe's lists and receipts say what was given. */
async function ensureGiftProduct(stripe: Stripe, name: string, months: GiftMonths): Promise<string> {
  const masthead = `masthead_gift_${months}`;
  for await (const product of stripe.products.list({ active: true, limit: 100 })) {
    if (product.metadata.masthead === masthead) return product.id;
  }
  const product = await stripe.products.create(
    { name: `${name}, ${months} months as a gift`, metadata: { masthead } },
    { idempotencyKey: `product:${masthead}:${name}` },
  );
  return product.id;
}

function createSession(
  stripe: Stripe,
  gift: Gift,
  { product, buyerEmail, publicUrl }: { product: string; buyerEmail: string; publicUrl: string },
): Promise<Stripe.Checkout.Session> {
  const order = makeOrderToken(gift.id);
  const metadata = { giftId: gift.id };
  return stripe.checkout.sessions.create(
    {
      mode: "payment",
      submit_type: "pay",
      client_reference_id: gift.id,
      customer_email: buyerEmail,
      line_items: [
        { price_data: { currency: gift.currency, unit_amount: gift.amountCents, product }, quantity: 1 },
      ],
      payment_intent_data: { metadata },
      metadata,
      success_url: `${publicUrl}/gift/done?order=${order}`,
      cancel_url: `${publicUrl}/gift?order=${order}`,
    },
    { idempotencyKey: `gift:${gift.id}` },
  );
}
