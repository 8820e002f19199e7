import { expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { postForm } from "@/sandbox/stripe/test-stripe";
import { openPortal } from "./open-portal";
import { ensurePortalConfiguration } from "./portal-configuration";
import { ensurePrices } from "./prices";
import { DAY, openShop, PUBLIC_URL, type Shop } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const YEARLY = { yearlyPriceCents: 3_000 };
const at = { publicUrl: PUBLIC_URL };

const portalOf = async (shop: Shop) => (await openPortal(database.db, shop.stripe, shop.reader.id, at)).url;

/** Presses a switch on the portal's page. */
async function switchTo(shop: Shop, price: string): Promise<number> {
  const { id } = await shop.subscriptionOf(shop.reader.id);
  const { status } = await postForm(await portalOf(shop), { action: "switch", subscription: id, price });
  await shop.hear();
  return status;
}

test("is made once and found again, also from many places at once", async () => {
  const shop = await openShop(database.db, YEARLY);
  const many = await Promise.all(
    [1, 2, 3].map(() => ensurePortalConfiguration(database.db, shop.stripe, at)),
  );
  const again = await ensurePortalConfiguration(database.db, shop.stripe, at);
  expect(new Set([...many, again].map(({ id }) => id)).size).toBe(1);
  expect(again.outcome).toBe("found");
  expect((await shop.stripe.billingPortal.configurations.list()).data).toHaveLength(1);
});

test("follows the settings: new prices are offered instead of the old ones, and none without a year", async () => {
  const shop = await openShop(database.db, YEARLY);
  const { id } = await ensurePortalConfiguration(database.db, shop.stripe, at);
  const offered = async () => {
    const { features } = await shop.stripe.billingPortal.configurations.retrieve(id);
    return features.subscription_update.enabled && features.subscription_update.products?.[0]?.prices;
  };
  const first = await offered();
  await database.db.publication.updateMany({
    data: { yearlyPriceCents: 4_000, stripePriceId: null, stripeYearlyPriceId: null },
  });
  expect(await ensurePortalConfiguration(database.db, shop.stripe, at)).toEqual({ id, outcome: "changed" });
  const { month, year } = await ensurePrices(database.db, shop.stripe);
  expect(await offered()).toEqual([month.id, year?.id]);
  expect(await offered()).not.toEqual(first);
  await database.db.publication.updateMany({
    data: { yearlyPriceCents: null, stripePriceId: null, stripeYearlyPriceId: null },
  });
  expect(await ensurePortalConfiguration(database.db, shop.stripe, at)).toEqual({ id, outcome: "changed" });
  expect(await offered()).toBe(false);
});

test("a member in the trial switches to the year: the trial goes on, and then the year is charged", async () => {
  const shop = await openShop(database.db, YEARLY);
  await shop.checkOut(shop.reader.id);
  await shop.hear();
  const before = await shop.membership(shop.reader.id);
  const { year } = await ensurePrices(database.db, shop.stripe);
  expect(await switchTo(shop, String(year?.id))).toBe(303);
  expect(await shop.membership(shop.reader.id)).toMatchObject({
    status: "TRIALING",
    trialEndsAt: before?.trialEndsAt,
    amountCents: 3_000,
    intervalMonths: 12,
  });
  await shop.advance({ seconds: 8 * DAY });
  expect((await shop.stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([3_000]);
});

test("a member who pays by the month switches to the year and back: what is unused counts", async () => {
  const shop = await openShop(database.db, { ...YEARLY, trialDays: 0 });
  await shop.checkOut(shop.reader.id);
  await shop.hear();
  const { month, year } = await ensurePrices(database.db, shop.stripe);
  await switchTo(shop, String(year?.id));
  expect(await shop.membership(shop.reader.id)).toMatchObject({ status: "ACTIVE", intervalMonths: 12 });
  expect((await shop.stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([2_700, 300]);
  await switchTo(shop, month.id);
  expect(await shop.membership(shop.reader.id)).toMatchObject({ status: "ACTIVE", intervalMonths: 1 });
  expect((await shop.stripe.charges.list()).data).toHaveLength(2);
  const customers = (await shop.stripe.customers.list()).data;
  expect(customers.map(({ balance }) => balance)).toEqual([-2_700]);
});

test("nothing else can be switched to: no archived price, none of another product, nothing by who cancelled", async () => {
  const shop = await openShop(database.db, YEARLY);
  await shop.checkOut(shop.reader.id);
  await shop.hear();
  const own = { currency: "usd", unit_amount: 1, recurring: { interval: "year" as const } };
  const cheap = await shop.stripe.prices.create({ ...own, product_data: { name: "Cheap" } });
  expect(await switchTo(shop, cheap.id)).toBe(400);
  const { year } = await ensurePrices(database.db, shop.stripe);
  const { id } = await shop.subscriptionOf(shop.reader.id);
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(await switchTo(shop, String(year?.id))).toBe(400);
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: false });
  await shop.stripe.prices.update(String(year?.id), { active: false });
  expect(await switchTo(shop, String(year?.id))).toBe(400);
  expect(await shop.membership(shop.reader.id)).toMatchObject({ amountCents: 300, intervalMonths: 1 });
});

test("the portal opens, to leave by, where Stripe takes no configuration of ours", async () => {
  const shop = await openShop(database.db, YEARLY);
  await shop.checkOut(shop.reader.id);
  const [product] = (await shop.stripe.products.list()).data;
  // What hinders a configuration at Stripe: prices that are not on sale.
  const refuse = shop.stripe.billingPortal.configurations;
  const create = refuse.create.bind(refuse);
  refuse.create = ((params: Parameters<typeof create>[0]) =>
    create({
      ...params,
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          products: [{ product: String(product?.id), prices: ["price_none"] }],
        },
      },
    })) as typeof refuse.create;
  const page = await (await fetch(await portalOf(shop))).text();
  expect(page).toContain("Cancel at the end of the period");
  expect(page).not.toContain("Switch to");
});
