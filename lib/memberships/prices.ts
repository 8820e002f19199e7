/**
 * The Stripe prices that stand for the publication's settings: one product, one price for each plan. Made when first
 * needed, found again by what they are, so safe to run any number of times. What the settings no longer say is archived,
 * and one that was archived at Stripe is replaced; neither changes what a member already pays.
 */
import Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { getPlan, listPlans, type Plan, type PlanInterval } from "@/lib/publication/plans";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { isMissing } from "./customer";

const PRODUCT_KEY = "masthead_membership";
const LOOKUP = "masthead_";

export type Prices = { product: string; month: Stripe.Price; year: Stripe.Price | null };

/** The one to sell now. Throws INVALID for a year that the settings do not offer. */
export async function ensurePrice(
  db: Database,
  stripe: Stripe,
  interval: PlanInterval,
): Promise<Stripe.Price> {
  const publication = await getPublication(db);
  const plan = getPlan(publication, interval);
  if (!plan) throw notOffered();
  const id = interval === "year" ? publication.stripeYearlyPriceId : publication.stripePriceId;
  const known = id === null ? null : await findPrice(stripe, id);
  if (known?.active && fits(known, plan)) return known;
  const price = (await ensurePrices(db, stripe))[interval];
  if (!price) throw notOffered();
  return price;
}

function notOffered(): DomainError {
  return new DomainError("INVALID", "The yearly price is not offered any more. Please choose again.");
}

/** Looks at everything: the product, its prices, and those that are to be archived. */
export async function ensurePrices(db: Database, stripe: Stripe): Promise<Prices> {
  const publication = await getPublication(db);
  const product = await ensureProduct(stripe, publication);
  const onSale = await stripe.prices
    .list({ product: product.id, active: true, type: "recurring", limit: 100 })
    .autoPagingToArray({ limit: 1_000 });
  const found = new Map<PlanInterval, Stripe.Price>();
  for (const plan of listPlans(publication)) {
    const price = onSale.find((each) => fits(each, plan)) ?? (await createPrice(stripe, product.id, plan));
    found.set(plan.interval, price);
  }
  const [month, year] = [found.get("month"), found.get("year") ?? null];
  if (!month) throw new Error("The publication has no monthly plan.");
  await archiveOthers(stripe, onSale, [month.id, year?.id]);
  const { priceCents, yearlyPriceCents, currency } = publication;
  await db.publication.updateMany({
    where: { id: 1, priceCents, yearlyPriceCents, currency },
    data: { stripePriceId: month.id, stripeYearlyPriceId: year?.id ?? null },
  });
  return { product: product.id, month, year };
}

/** The key moves here from a price that was archived, so the idempotency key names that one: the next is another. */
async function createPrice(stripe: Stripe, product: string, plan: Plan): Promise<Stripe.Price> {
  const { interval, currency, amountCents } = plan;
  const lookupKey = `${LOOKUP}${interval}_${currency}_${amountCents}`;
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
  return stripe.prices.create(
    {
      product,
      currency,
      unit_amount: amountCents,
      recurring: { interval },
      lookup_key: lookupKey,
      transfer_lookup_key: true,
    },
    { idempotencyKey: `price:${product}:${lookupKey}:${data[0]?.id ?? "first"}` },
  );
}

/** Of those that we made: a price of the author's own at Stripe is none of our business. */
async function archiveOthers(
  stripe: Stripe,
  onSale: readonly Stripe.Price[],
  kept: readonly (string | undefined)[],
): Promise<void> {
  for (const { id, lookup_key } of onSale) {
    if (kept.includes(id) || !lookup_key?.startsWith(LOOKUP)) continue;
    try {
      await stripe.prices.update(id, { active: false });
    } catch (error) {
      // Such as the product's default price, which Stripe keeps. Nothing of ours sells it.
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
      log.warn({ event: "memberships.price-not-archived", priceId: id, error });
    }
  }
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

function fits(price: Stripe.Price, plan: Plan): boolean {
  return (
    price.unit_amount === plan.amountCents &&
    price.currency === plan.currency &&
    price.recurring?.interval === plan.interval &&
    price.recurring.interval_count === 1
  );
}
