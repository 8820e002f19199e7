import { describe, expect, test } from "vitest";
import type { PlanInterval } from "@/lib/publication/plans";
import { useTestDatabase } from "@/prisma/test-database";
import { ensurePrice, ensurePrices } from "./prices";
import { DAY, openShop, type Shop, services } from "./shop.fixture";
import { startCheckout } from "./start-checkout";

const database = useTestDatabase({ emptyEachTime: true });
const YEARLY = { yearlyPriceCents: 3_000 };

const onSale = async ({ stripe }: Shop) =>
  (await stripe.prices.list({ active: true })).data
    .map(({ unit_amount, recurring }) => `${unit_amount} ${recurring?.interval}`)
    .sort();

const openSessions = async ({ stripe }: Shop) =>
  (await stripe.checkout.sessions.list({ status: "open", expand: ["data.line_items"] })).data.map(
    ({ line_items }) => line_items?.data[0]?.price?.recurring?.interval,
  );

describe("the year", () => {
  test("is sold for the yearly price of the same product, charged after the trial and again a year later", async () => {
    const shop = await openShop(database.db, YEARLY);
    await shop.checkOut(shop.reader.id, undefined, "year");
    await shop.advance({ seconds: 8 * DAY });
    await shop.hear();
    expect(await shop.membership(shop.reader.id)).toMatchObject({
      status: "ACTIVE",
      amountCents: 3_000,
      intervalMonths: 12,
    });
    await shop.advance({ seconds: 365 * DAY });
    const charges = await shop.stripe.charges.list();
    expect(charges.data.map(({ amount }) => amount)).toEqual([3_000, 3_000]);
    expect((await shop.stripe.products.list()).data).toHaveLength(1);
    expect(await onSale(shop)).toEqual(["300 month", "3000 year"]);
  });

  test("is told of in the mails with its price and its interval", async () => {
    const shop = await openShop(database.db, YEARLY);
    await shop.checkOut(shop.reader.id, undefined, "year");
    await shop.hear();
    const [mail] = await database.db.notice.findMany({ where: { kind: "trial-started" } });
    expect(mail?.data).toMatchObject({ priceLabel: "$30 a year" });
  });

  test("chosen in a second tab closes the page that sells the month, and the other way round", async () => {
    const shop = await openShop(database.db, YEARLY);
    const first = await shop.checkout(shop.reader.id);
    const second = await shop.checkout(shop.reader.id, null, "year");
    expect(second.url).not.toBe(first.url);
    expect(await openSessions(shop)).toEqual(["year"]);
    expect((await shop.checkout(shop.reader.id, null, "year")).url).toBe(second.url);
    await shop.checkout(shop.reader.id);
    expect(await openSessions(shop)).toEqual(["month"]);
  });

  test("leads back to the page that offers the year, when somebody does not pay", async () => {
    const shop = await openShop(database.db, YEARLY);
    await shop.checkout(shop.reader.id, "one", "year");
    const [session] = (await shop.stripe.checkout.sessions.list()).data;
    expect(session?.cancel_url).toMatch(/\/join\?issue=one&plan=year$/);
    expect(session?.success_url).toMatch(/\/join\/done\?issue=one$/);
  });

  test("that is not offered is not sold", async () => {
    const shop = await openShop(database.db);
    await expect(shop.checkout(shop.reader.id, null, "year")).rejects.toMatchObject({ code: "INVALID" });
    expect(await openSessions(shop)).toEqual([]);
  });
});

describe("changed settings", () => {
  const change = (data: Parameters<typeof database.db.publication.updateMany>[0]["data"]) =>
    database.db.publication.updateMany({ data: { ...data, stripePriceId: null, stripeYearlyPriceId: null } });

  test("put new prices on sale and archive the old ones; members keep theirs", async () => {
    const shop = await openShop(database.db, YEARLY);
    await shop.checkOut(shop.reader.id, undefined, "year");
    await change({ priceCents: 400, yearlyPriceCents: 4_000 });
    const other = await shop.addReader();
    await shop.checkOut(other.id);
    await shop.hear();
    expect(await onSale(shop)).toEqual(["400 month", "4000 year"]);
    expect(await shop.membership(shop.reader.id)).toMatchObject({ amountCents: 3_000, intervalMonths: 12 });
    expect(await shop.membership(other.id)).toMatchObject({ amountCents: 400, intervalMonths: 1 });
  });

  test("without a year archive its price", async () => {
    const shop = await openShop(database.db, YEARLY);
    await ensurePrices(database.db, shop.stripe);
    await change({ yearlyPriceCents: null });
    expect(await ensurePrices(database.db, shop.stripe)).toMatchObject({ year: null });
    expect(await onSale(shop)).toEqual(["300 month"]);
  });

  test("leave a price alone that the author made at Stripe", async () => {
    const shop = await openShop(database.db, YEARLY);
    const { product } = await ensurePrices(database.db, shop.stripe);
    const own = { product, currency: "usd", unit_amount: 9_900, recurring: { interval: "year" as const } };
    await shop.stripe.prices.create(own);
    await change({ priceCents: 400 });
    await ensurePrices(database.db, shop.stripe);
    expect(await onSale(shop)).toEqual(["3000 year", "400 month", "9900 year"]);
  });
});

test.each<PlanInterval>(["month", "year"])(
  "S20: an archived price for a %s is replaced by one that costs the same, and never sold",
  async (interval) => {
    const shop = await openShop(database.db, YEARLY);
    const archived = await ensurePrice(database.db, shop.stripe, interval);
    await shop.stripe.prices.update(archived.id, { active: false });
    const session = await shop.checkOut(shop.reader.id, undefined, interval);
    const { data } = await shop.stripe.checkout.sessions.listLineItems(session.id);
    expect(data[0]?.price).toMatchObject({ active: true, unit_amount: archived.unit_amount });
    expect(data[0]?.price?.id).not.toBe(archived.id);
    expect(await onSale(shop)).toEqual(["300 month", "3000 year"]);
  },
);

test("prices looked for many times at once are made once", async () => {
  const shop = await openShop(database.db, YEARLY);
  await Promise.all([1, 2, 3, 4].map(() => ensurePrices(database.db, shop.stripe)));
  expect((await shop.stripe.prices.list()).data).toHaveLength(2);
  expect(await database.db.publication.findFirstOrThrow()).toMatchObject({
    stripePriceId: expect.stringContaining("price_"),
    stripeYearlyPriceId: expect.stringContaining("price_"),
  });
});

test("B72: whatever a request adds, the session sells our price to our customer and takes codes from Stripe's page alone", async () => {
  const shop = await openShop(database.db, YEARLY);
  const greedy = {
    subscriberId: shop.reader.id,
    issueSlug: null,
    interval: "month" as const,
    price: "price_of_mine",
    amount: 1,
    coupon: "FREE",
    discounts: [{ coupon: "FREE" }],
    trialDays: 90,
    customer: "cus_of_another",
    metadata: { subscriberId: "another" },
    success_url: "https://evil.example",
  };
  await startCheckout(database.db, shop.stripe, greedy, services);
  const [session] = (await shop.stripe.checkout.sessions.list({ expand: ["data.line_items"] })).data;
  expect(session?.line_items?.data[0]?.price?.unit_amount).toBe(300);
  expect(session).toMatchObject({
    allow_promotion_codes: true,
    client_reference_id: shop.reader.id,
    success_url: "https://gazette.example.com/join/done",
  });
  expect(session?.discounts ?? []).toEqual([]);
});
