/** Everybody who pays at Stripe, read once for all people who move in: a call per hundred subscriptions. Reads only. */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { parseAddress } from "@/lib/subscribers/address";
import { fromSeconds } from "./moments";
import type { Payer, Payers } from "./move-in-match";
import { LIVE_STATUSES, statusFromStripe } from "./status";
import { monthsOf } from "./truth";

/** Throws what Stripe throws. `onPage` hears how many subscriptions came so far. */
export async function listPayers(
  db: Database,
  stripe: Stripe,
  onPage: (count: number) => void = () => undefined,
): Promise<Payers> {
  const byId = new Map<string, Payer & { namedId: string | null }>();
  let count = 0;
  for await (const subscription of stripe.subscriptions.list({ limit: 100, expand: ["data.customer"] })) {
    count += 1;
    if (count % 100 === 0) onPage(count);
    const { customer } = subscription;
    if (typeof customer === "string" || customer.deleted) continue;
    if (!LIVE_STATUSES.has(statusFromStripe(subscription.status))) continue;
    const address = parseAddress(customer.email ?? "");
    const known = byId.get(customer.id) ?? {
      customerId: customer.id,
      email: address.ok ? address.email : null,
      subscriptions: [],
      holderId: null,
      namedId: customer.metadata.subscriberId ?? null,
    };
    known.subscriptions.push(inShort(subscription));
    byId.set(customer.id, known);
  }
  await findHolders(db, byId);
  const withAddress = [...byId.values()].filter(({ email }) => email !== null);
  return { byId, byEmail: Map.groupBy(withAddress, ({ email }) => email ?? "") };
}

function inShort(subscription: Stripe.Subscription): Payer["subscriptions"][number] {
  const [item] = subscription.items.data;
  return {
    id: subscription.id,
    status: subscription.status,
    amountCents: item?.price.unit_amount ?? null,
    currency: item?.price.currency ?? null,
    intervalMonths: monthsOf(item?.price.recurring ?? null),
    periodEndsAt: item ? fromSeconds(item.current_period_end).toISOString() : null,
    isCancelled: subscription.cancel_at_period_end || subscription.cancel_at !== null,
  };
}

const CHUNK = 5_000;

/** By our own column first, then by what the customer's metadata names, where that person is still here. */
async function findHolders(
  db: Database,
  payers: ReadonlyMap<string, Payer & { namedId: string | null }>,
): Promise<void> {
  const all = [...payers.values()];
  for (let start = 0; start < all.length; start += CHUNK) {
    const some = all.slice(start, start + CHUNK);
    const named = some.flatMap(({ namedId }) => namedId ?? []);
    const people = await db.subscriber.findMany({
      where: {
        OR: [{ stripeCustomerId: { in: some.map(({ customerId }) => customerId) } }, { id: { in: named } }],
      },
      select: { id: true, stripeCustomerId: true },
    });
    const byCustomer = new Map(people.map(({ id, stripeCustomerId }) => [stripeCustomerId, id]));
    const here = new Set(people.map(({ id }) => id));
    for (const payer of some) {
      const namedHere = payer.namedId !== null && here.has(payer.namedId) ? payer.namedId : null;
      payer.holderId = byCustomer.get(payer.customerId) ?? namedHere;
    }
  }
}
