/**
 * The Stripe price that stands for the publication's settings. Made at the first checkout that needs it, found again
 * by its lookup key afterwards, so safe to run any number of times. Never changes a price that people already pay.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { isMissing } from "./customer";

const PRODUCT_KEY = "masthead_membership";

export async function ensurePrice(db: Database, stripe: Stripe): Promise<Stripe.Price> {
  const publication = await getPublication(db);
  const known = publication.stripePriceId ? await findPrice(stripe, publication.stripePriceId) : null;
  if (known && fits(known, publication)) return refuseArchived(known);
  const lookupKey = `masthead_month_${publication.currency}_${publication.priceCents}`;
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
  const price = data[0] ?? (await createPrice(stripe, publication, lookupKey));
  refuseArchived(price);
  await db.publication.updateMany({
    where: { id: 1, priceCents: publication.priceCents, currency: publication.currency },
    data: { stripePriceId: price.id },
  });
  return price;
}

async function createPrice(
  stripe: Stripe,
  publication: PublicationSettings,
  lookupKey: string,
): Promise<Stripe.Price> {
  const product = await ensureProduct(stripe, publication);
  return stripe.prices.create(
    {
      product: product.id,
      currency: publication.currency,
      unit_amount: publication.priceCents,
      recurring: { interval: "month" },
      lookup_key: lookupKey,
    },
    { idempotencyKey: `price:${product.id}:${lookupKey}` },
  );
}

async function ensureProduct(stripe: Stripe, publication: PublicationSettings): Promise<Stripe.Product> {
  for await (const product of stripe.products.list({ active: true, limit: 100 })) {
    if (isOurProduct(product)) return product;
  }
  return stripe.products.create(
    { name: `${publication.name} membership`, metadata: { masthead: PRODUCT_KEY } },
    { idempotencyKey: `product:${PRODUCT_KEY}:${publication.name}` },
  );
}

/** What our checkout sells, whatever it cost when somebody joined. */
export function isOurProduct(product: Stripe.Product): boolean {
  return product.metadata.masthead === PRODUCT_KEY;
}

async function findPrice(stripe: Stripe, id: string): Promise<Stripe.Price | null> {
  try {
    return await stripe.prices.retrieve(id);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function fits(price: Stripe.Price, publication: PublicationSettings): boolean {
  return (
    price.unit_amount === publication.priceCents &&
    price.currency === publication.currency &&
    price.recurring?.interval === "month"
  );
}

function refuseArchived(price: Stripe.Price): Stripe.Price {
  if (price.active) return price;
  throw new DomainError("UNAVAILABLE", "Membership is not on sale at the moment.", {
    cause: new Error(`price ${price.id} is archived at Stripe`),
  });
}
