/**
 * Prepares a Stripe account: product, prices, the portal's configuration and the webhook endpoint. Each is found where it
 * is there already and made where it is not, so it may run any number of times, and again after the settings changed.
 * Takes nobody's money and touches nothing that it did not make, but for an endpoint at our own address.
 */
import Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { listPlans } from "@/lib/publication/plans";
import { getPublication } from "@/lib/publication/queries";
import { ensurePortalConfiguration } from "./portal-configuration";
import { ensurePrices } from "./prices";

/** What memberships are followed up on, and gifts: https://docs.stripe.com/api/events/types. */
export const WEBHOOK_EVENTS = [
  "checkout.session.completed",
  "checkout.session.expired",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.trial_will_end",
  "customer.discount.created",
  "customer.discount.updated",
  "customer.discount.deleted",
  "invoice.created",
  "invoice.finalized",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.payment_action_required",
  "invoice.voided",
  "invoice.marked_uncollectible",
  "charge.refunded",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
] as const satisfies Stripe.WebhookEndpointCreateParams.EnabledEvent[];

export type Outcome = "found" | "made" | "changed";

export type StripeSetUp = {
  product: { id: string; outcome: Outcome };
  prices: { id: string; price: string; outcome: Outcome }[];
  portal: { id: string; outcome: Outcome };
  webhook:
    | { kind: "endpoint"; id: string; url: string; outcome: Outcome; secret: string | null }
    /** Stripe cannot reach the address that readers use. */
    | { kind: "unreachable"; url: string };
};

/** Throws UNAVAILABLE, in the operator's words, where Stripe does not take the key or does not answer. */
export async function setUpStripe(
  db: Database,
  stripe: Stripe,
  { publicUrl }: { publicUrl: string },
): Promise<StripeSetUp> {
  try {
    return await setUp(db, stripe, publicUrl);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    throw new DomainError("UNAVAILABLE", `${adviceFor(error)} Stripe says: ${error.message}`, {
      cause: error,
    });
  }
}

async function setUp(db: Database, stripe: Stripe, publicUrl: string): Promise<StripeSetUp> {
  const idsOf = (list: Stripe.ApiList<{ id: string }>) => new Set(list.data.map(({ id }) => id));
  const productsBefore = idsOf(await stripe.products.list({ active: true, limit: 100 }));
  const pricesBefore = idsOf(await stripe.prices.list({ active: true, limit: 100 }));
  const prices = await ensurePrices(db, stripe);
  const outcomeOf = (id: string, before: ReadonlySet<string>): Outcome => (before.has(id) ? "found" : "made");
  const made = { month: prices.month, year: prices.year };
  return {
    product: { id: prices.product, outcome: outcomeOf(prices.product, productsBefore) },
    prices: listPlans(await getPublication(db)).flatMap(({ interval, price }) => {
      const id = made[interval]?.id;
      return id === undefined ? [] : [{ id, price, outcome: outcomeOf(id, pricesBefore) }];
    }),
    portal: await ensurePortalConfiguration(db, stripe, { publicUrl }),
    webhook: await ensureEndpoint(stripe, `${publicUrl}/api/stripe/webhook`),
  };
}

async function ensureEndpoint(stripe: Stripe, url: string): Promise<StripeSetUp["webhook"]> {
  if (!isPublic(url)) return { kind: "unreachable", url };
  const known = await findEndpoint(stripe, url);
  if (!known) {
    const { id, secret } = await stripe.webhookEndpoints.create({
      url,
      enabled_events: [...WEBHOOK_EVENTS],
      api_version: Stripe.API_VERSION,
      description: "Masthead",
    });
    return { kind: "endpoint", id, url, outcome: "made", secret: secret ?? null };
  }
  const endpoint = { kind: "endpoint" as const, id: known.id, url, secret: null };
  const missing = known.enabled_events.includes("*")
    ? []
    : WEBHOOK_EVENTS.filter((event) => !known.enabled_events.includes(event));
  if (missing.length === 0 && known.status === "enabled") return { ...endpoint, outcome: "found" };
  await stripe.webhookEndpoints.update(known.id, {
    disabled: false,
    ...(missing.length > 0 && {
      enabled_events: [
        ...known.enabled_events,
        ...missing,
      ] as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
    }),
  });
  return { ...endpoint, outcome: "changed" };
}

async function findEndpoint(stripe: Stripe, url: string): Promise<Stripe.WebhookEndpoint | null> {
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) return endpoint;
  }
  return null;
}

/** Whether Stripe could send there: not this machine, and no address of a private network. */
function isPublic(url: string): boolean {
  const { hostname } = new URL(url);
  return !/^(localhost|.*\.(local|localhost|test|internal)|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|0\.0\.0\.0|\[.*\])$/.test(
    hostname,
  );
}

function adviceFor(error: InstanceType<typeof Stripe.errors.StripeError>): string {
  const { StripeAuthenticationError, StripePermissionError, StripeConnectionError } = Stripe.errors;
  if (error instanceof StripeAuthenticationError) return "The key is not taken. Correct STRIPE_SECRET_KEY.";
  if (error instanceof StripePermissionError)
    return "The key may not do this. Give it the right to write products, prices, the customer portal and webhook endpoints.";
  return error instanceof StripeConnectionError
    ? "Stripe does not answer. Try again in a minute; what is made already is found then."
    : "Something could not be made.";
}
