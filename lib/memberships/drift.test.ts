import { expect, test } from "vitest";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { createPrice, pay } from "@/sandbox/stripe/test-stripe";
import { findDrift } from "./drift";
import { reconcileMemberships } from "./reconcile";
import { DAY, openShop, type Shop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const RENEWAL_FAILS = "4000000000000341";

const kinds = async (shop: Shop) =>
  (await findDrift(database.db, shop.stripe, services)).drifts.map(({ kind, mendable }) => [kind, mendable]);

async function member(shop: Shop, card?: string): Promise<{ id: string; customer: string; sub: string }> {
  const { id } = await shop.addReader();
  const { customer, subscription } = await shop.checkOut(id, card);
  await shop.hear();
  return { id, customer: String(customer), sub: String(subscription) };
}

const write = (subscriberId: string, data: Parameters<typeof database.db.membership.update>[0]["data"]) =>
  database.db.membership.update({ where: { subscriberId }, data });

/** Straight at Stripe, past our checkout. */
async function buyAtStripe(
  shop: Shop,
  { customer, price, subscriberId }: { customer: string; price?: string; subscriberId?: string },
): Promise<void> {
  const session = await shop.stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    line_items: [{ price: price ?? (await createPrice(shop.stripe)).id, quantity: 1 }],
    subscription_data: { metadata: subscriberId ? { subscriberId } : {} },
    success_url: "http://127.0.0.1:9/done",
  });
  await shop.advance({ seconds: 60 });
  await pay(session);
}

const priceOf = async (shop: Shop, sub: string) =>
  (await shop.stripe.subscriptions.retrieve(sub)).items.data[0]?.price.id ?? "";

test("where everything agrees nothing is invented: trials, payers, an old price, failed payments, leavers, guests", async () => {
  const shop = await openShop(database.db);
  await member(shop);
  await member(shop, RENEWAL_FAILS);
  const leaves = await member(shop);
  const gone = await member(shop);
  const guest = await member(shop);
  await shop.stripe.subscriptions.update(leaves.sub, { cancel_at_period_end: true });
  await shop.stripe.subscriptions.cancel(gone.sub);
  await shop.stripe.subscriptions.cancel(guest.sub);
  await shop.advance({ seconds: 8 * DAY });
  await database.db.publication.updateMany({ data: { priceCents: 500 } });
  await member(shop);
  await shop.hear();
  await database.db.membership.delete({ where: { subscriberId: guest.id } });
  await createMembership(database.db, guest.id, { source: "COMP" });
  expect(await findDrift(database.db, shop.stripe, services)).toEqual({ checked: 3, drifts: [] });
});

const seeded: [string, boolean, (shop: Shop, who: Awaited<ReturnType<typeof member>>) => Promise<unknown>][] =
  [
    [
      "no-member-here",
      true,
      (_shop, { id }) => database.db.membership.delete({ where: { subscriberId: id } }),
    ],
    [
      "no-subscription-there",
      false,
      async (shop) => {
        const { id } = await shop.addReader({ stripeCustomerId: "cus_of_another_account" });
        await createMembership(database.db, id, { source: "STRIPE", status: "ACTIVE" });
      },
    ],
    [
      "no-subscription-there",
      true,
      async (shop) => {
        const customer = await shop.stripe.customers.create({});
        const { id } = await shop.addReader({ stripeCustomerId: customer.id });
        await createMembership(database.db, id, { source: "STRIPE", status: "ACTIVE" });
      },
    ],
    [
      "no-member-here",
      false,
      async (shop) => buyAtStripe(shop, { customer: (await shop.stripe.customers.create({})).id }),
    ],
    [
      "two-subscriptions",
      true,
      async (shop, { id, customer, sub }) =>
        buyAtStripe(shop, { customer, price: await priceOf(shop, sub), subscriberId: id }),
    ],
    ["two-subscriptions", false, async (shop, { customer }) => buyAtStripe(shop, { customer })],
    [
      "two-subscriptions",
      false,
      async (shop, { id }) =>
        buyAtStripe(shop, { customer: (await shop.stripe.customers.create({})).id, subscriberId: id }),
    ],
    [
      "price",
      false,
      async (shop) => {
        const customer = await shop.stripe.customers.create({});
        await shop.addReader({ stripeCustomerId: customer.id });
        await buyAtStripe(shop, { customer: customer.id });
        await shop.hear();
      },
    ],
    ["trial-as-paid", true, (_shop, { id }) => write(id, { status: "ACTIVE" })],
    ["status", true, (_shop, { id }) => write(id, { status: "CANCELED" })],
    ["status", true, (shop, { sub }) => shop.stripe.subscriptions.cancel(sub)],
    ["price", true, (_shop, { id }) => write(id, { amountCents: 100 })],
    ["dates", true, (_shop, { id }) => write(id, { currentPeriodEndsAt: new Date("2030-01-01") })],
    ["dates", true, (_shop, { id }) => write(id, { cancelAtPeriodEnd: true })],
  ];

test.each(seeded)("%s is found alone (mendable: %s), case %#", async (kind, mendable, plant) => {
  const shop = await openShop(database.db);
  await member(shop);
  const other = await member(shop);
  expect(await kinds(shop)).toEqual([]);
  await plant(shop, other);
  expect(await kinds(shop)).toEqual([[kind, mendable]]);
  await reconcileMemberships(database.db, shop.stripe, services);
  expect(await kinds(shop)).toEqual(mendable ? [] : [[kind, false]]);
});
