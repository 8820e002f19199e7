/**
 * What Stripe's customer portal lets a member do: see invoices, change the card, cancel at the end of what is paid, and
 * switch between the month and the year. Found by its metadata, made when there is none, changed when the prices did; may
 * run any number of times.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { ensurePrices, type Prices } from "./prices";

const KEY = "membership";
/** Grows when the features below change, so that an older configuration is brought up to date. */
const VERSION = "1";

export type PortalConfiguration = { id: string; outcome: "found" | "changed" | "made" };

export async function ensurePortalConfiguration(
  db: Database,
  stripe: Stripe,
  { publicUrl }: { publicUrl: string },
): Promise<PortalConfiguration> {
  const known = await findConfiguration(stripe);
  const publication = await getPublication(db);
  if (known && knownOffer(publication) === known.metadata?.offer) return { id: known.id, outcome: "found" };
  const prices = await ensurePrices(db, stripe);
  const params = {
    features: featuresFor(prices),
    default_return_url: `${publicUrl}/account`,
    metadata: { masthead: KEY, offer: offerOf(prices.month.id, prices.year?.id ?? null) },
  };
  if (known) {
    if (known.metadata?.offer === params.metadata.offer) return { id: known.id, outcome: "found" };
    await stripe.billingPortal.configurations.update(known.id, params);
    return { id: known.id, outcome: "changed" };
  }
  const { id } = await stripe.billingPortal.configurations.create(params, {
    idempotencyKey: `portal:${prices.product}:${params.metadata.offer}:${publicUrl}`,
  });
  return { id, outcome: "made" };
}

async function findConfiguration(stripe: Stripe): Promise<Stripe.BillingPortal.Configuration | null> {
  for await (const each of stripe.billingPortal.configurations.list({ active: true, limit: 100 })) {
    if (each.metadata?.masthead === KEY) return each;
  }
  return null;
}

function offerOf(month: string, year: string | null): string {
  return `${VERSION}:${month}:${year ?? "none"}`;
}

/** As our row knows it; null while a price is still to be made. */
function knownOffer(settings: PublicationSettings): string | null {
  const { stripePriceId, stripeYearlyPriceId, yearlyPriceCents } = settings;
  if (stripePriceId === null || (yearlyPriceCents !== null) !== (stripeYearlyPriceId !== null)) return null;
  return offerOf(stripePriceId, stripeYearlyPriceId);
}

function featuresFor({ product, month, year }: Prices) {
  return {
    customer_update: { enabled: false },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: year
      ? {
          enabled: true,
          default_allowed_updates: ["price"],
          products: [{ product, prices: [month.id, year.id] }],
          proration_behavior: "always_invoice",
          // Stripe would end the trial of who switches, and charge at once.
          trial_update_behavior: "continue_trial",
        }
      : { enabled: false, products: "" as const },
  } satisfies Stripe.BillingPortal.ConfigurationCreateParams.Features;
}
