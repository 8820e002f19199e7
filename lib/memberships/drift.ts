/**
 * Compares every running membership, here and at Stripe, and says where the two differ. Reads only, so safe to run at any
 * time. Matches people by Stripe's customer alone, never by address. Throws when Stripe does not list its subscriptions.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import type { Membership } from "@/prisma/generated/client";
import { isMissing } from "./customer";
import { listKeptPrices } from "./moved-facts";
import { isOurProduct } from "./prices";
import { LIVE_STATUSES, runsAtStripe } from "./status";
import { outlives, readTruth, type Truth } from "./truth";

export type DriftKind =
  | "no-member-here"
  | "no-subscription-there"
  | "two-subscriptions"
  | "trial-as-paid"
  | "status"
  | "price"
  | "dates";

export type Drift = {
  kind: DriftKind;
  customerId: string | null;
  subscriberId: string | null;
  here: string | null;
  atStripe: string | null;
  /** Whether reading Stripe again mends it; else somebody has to decide. */
  mendable: boolean;
};

type Person = { id: string; stripeCustomerId: string | null; membership: Membership | null };

export async function findDrift(
  db: Database,
  stripe: Stripe,
  { now }: { now: Date },
): Promise<{ checked: number; drifts: Drift[] }> {
  const running: Stripe.Subscription[] = [];
  for await (const subscription of stripe.subscriptions.list({ limit: 100 })) running.push(subscription);
  const atStripe = Map.groupBy(running, ({ customer }) => idOf(customer));
  const people = await db.subscriber.findMany({
    where: {
      OR: [
        { stripeCustomerId: { in: [...atStripe.keys()] } },
        { membership: { source: "STRIPE", status: { in: [...LIVE_STATUSES] } } },
      ],
    },
    select: { id: true, stripeCustomerId: true, membership: true },
  });
  const ours = { products: await ourProducts(stripe), prices: await listKeptPrices(db) };
  const drifts: Drift[] = [];
  for (const person of people) {
    const truth = person.stripeCustomerId && (await truthOf(stripe, person.stripeCustomerId, now));
    drifts.push(...(truth ? compare(person, truth, ours) : nothingThere(person)));
  }
  const known = new Map(people.map((person) => [person.stripeCustomerId, person]));
  for (const [customerId, subscriptions] of atStripe) {
    if (!known.has(customerId)) drifts.push(...subscriptions.map((each) => stranger(each, people)));
  }
  return {
    checked: new Set([
      ...atStripe.keys(),
      ...people.map(({ id, stripeCustomerId }) => stripeCustomerId ?? id),
    ]).size,
    drifts,
  };
}

async function truthOf(stripe: Stripe, customerId: string, now: Date): Promise<Truth | null> {
  try {
    return await readTruth(stripe, customerId, { now });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function ourProducts(stripe: Stripe): Promise<Set<string>> {
  const products = await stripe.products.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  return new Set(products.filter(isOurProduct).map(({ id }) => id));
}

/** The account does not know this customer, or we do not: looking again mends nothing. */
function nothingThere(person: Person): Drift[] {
  const { membership } = person;
  if (!runsAtStripe(membership)) return [];
  return [driftOf(person, "no-subscription-there", membership.status, null, false)];
}

/** What we sell or sold: everything of our products, and the prices that moved members brought along. */
type OurPrices = { products: ReadonlySet<string>; prices: ReadonlySet<string> };

function isOurs(price: Stripe.Price, ours: OurPrices): boolean {
  return ours.products.has(idOf(price.product)) || ours.prices.has(price.id);
}

function compare(person: Person, { kept, extra, row }: Truth, ours: OurPrices): Drift[] {
  const { membership } = person;
  const found: Drift[] = extra.map((each) =>
    driftOf(person, "two-subscriptions", null, each.id, each.metadata.subscriberId === person.id),
  );
  if (!kept || !row) {
    if (runsAtStripe(membership))
      found.push(driftOf(person, "no-subscription-there", membership.status, null, true));
    return found;
  }
  const price = kept.items.data[0]?.price;
  if (LIVE_STATUSES.has(row.status) && price && !isOurs(price, ours))
    found.push(driftOf(person, "price", null, price.id, false));
  if (outlives(membership, row)) return found;
  if (membership?.source !== "STRIPE") {
    if (LIVE_STATUSES.has(row.status)) found.push(driftOf(person, "no-member-here", null, kept.id, true));
    return found;
  }
  const difference = firstDifference(membership, row);
  if (difference) found.push(driftOf(person, difference.kind, difference.here, difference.atStripe, true));
  return found;
}

const PRICE = [
  "stripePriceId",
  "amountCents",
  "currency",
  "intervalMonths",
  "dueCents",
  "discountCode",
  "discountCents",
  "recurringDiscountCents",
  "discountEndsAt",
] as const;
const DATES = [
  "startedAt",
  "trialEndsAt",
  "currentPeriodEndsAt",
  "cancelAtPeriodEnd",
  "pastDueSince",
  "endsAt",
  "pausedFrom",
  "resumesAt",
] as const;

/** The weightiest alone: where the status differs, dates do as well. */
function firstDifference(
  here: Membership,
  there: NonNullable<Truth["row"]>,
): Pick<Drift, "kind" | "here" | "atStripe"> | null {
  if (here.status !== there.status) {
    const kind = here.status === "ACTIVE" && there.status === "TRIALING" ? "trial-as-paid" : "status";
    return { kind, here: here.status, atStripe: there.status };
  }
  if (here.stripeSubscriptionId !== there.stripeSubscriptionId)
    return { kind: "status", here: here.stripeSubscriptionId, atStripe: there.stripeSubscriptionId };
  for (const [kind, names] of [
    ["price", PRICE],
    ["dates", DATES],
  ] as const) {
    const name = names.find((each) => inWords(here[each]) !== inWords(there[each]));
    if (name)
      return { kind, here: `${name} ${inWords(here[name])}`, atStripe: `${name} ${inWords(there[name])}` };
  }
  return null;
}

function inWords(value: Date | string | number | boolean | null): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** A customer that we do not know. Its metadata may name somebody who pays through another one: then they pay twice. */
function stranger(subscription: Stripe.Subscription, people: readonly Person[]): Drift {
  const payer = people.find(
    ({ id, membership }) => id === subscription.metadata.subscriberId && runsAtStripe(membership),
  );
  return {
    kind: payer ? "two-subscriptions" : "no-member-here",
    customerId: idOf(subscription.customer),
    subscriberId: payer?.id ?? null,
    here: null,
    atStripe: subscription.id,
    mendable: false,
  };
}

function driftOf(
  { id, stripeCustomerId }: Person,
  kind: DriftKind,
  here: string | null,
  atStripe: string | null,
  mendable: boolean,
): Drift {
  return { kind, customerId: stripeCustomerId, subscriberId: id, here, atStripe, mendable };
}

function idOf(reference: string | { id: string }): string {
  return typeof reference === "string" ? reference : reference.id;
}
