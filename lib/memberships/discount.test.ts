import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { useTestDatabase } from "@/prisma/test-database";
import { postForm } from "@/sandbox/stripe/test-stripe";
import { discountOf, NO_DISCOUNT } from "./discount";
import { findDrift } from "./drift";
import { readFigures } from "./figures-queries";
import { membershipInWords } from "./format";
import { priceOfNextCharge } from "./price-words";
import { DAY, openShop, type Shop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const style = { language: "en", timeZone: "UTC" };
const may = new Date("2026-05-05T09:00:00Z");

describe("what is taken off", () => {
  const coupon = (fields: Partial<Stripe.Coupon>) =>
    ({
      percent_off: null,
      amount_off: null,
      currency: null,
      duration: "forever",
      name: null,
      ...fields,
    }) as Stripe.Coupon;
  const subscription = (amount: number, coupons: Stripe.Coupon[], end: number | null = null) =>
    ({
      items: { data: [{ price: { unit_amount: amount, currency: "usd" } }] },
      discounts: coupons.map((each) => ({ source: { coupon: each }, promotion_code: null, end })),
    }) as unknown as Stripe.Subscription;

  test.each<[string, number, Partial<Stripe.Coupon>[], [number | null, number | null]]>([
    ["half of an odd price, to the nearest cent", 333, [{ percent_off: 50 }], [167, 167]],
    ["a third", 1_000, [{ percent_off: 33.33 }], [333, 333]],
    ["a share with decimals, halves up", 1_000, [{ percent_off: 12.35 }], [124, 124]],
    ["everything", 300, [{ percent_off: 100 }], [300, 300]],
    ["an amount", 300, [{ amount_off: 100, currency: "usd" }], [100, 100]],
    ["no more than there is", 300, [{ amount_off: 500, currency: "usd" }], [300, 300]],
    ["nothing by another currency", 300, [{ amount_off: 100, currency: "eur" }], [null, null]],
    ["once", 300, [{ percent_off: 50, duration: "once" }], [150, 0]],
    ["one after the other", 1_000, [{ percent_off: 50 }, { percent_off: 10 }], [550, 550]],
    [
      "once and for ever",
      1_000,
      [{ amount_off: 100, currency: "usd", duration: "once" }, { percent_off: 50 }],
      [550, 450],
    ],
    ["nothing", 300, [], [null, null]],
  ])("%s", (_name, amount, coupons, [next, recurring]) => {
    const found = discountOf(subscription(amount, coupons.map(coupon)));
    expect([found.discountCents, found.recurringDiscountCents]).toEqual([next, recurring]);
  });

  test("is nothing where Stripe was not asked for the details", () => {
    expect(discountOf({ ...subscription(300, []), discounts: ["di_1"] })).toEqual(NO_DISCOUNT);
  });
});

test.each<[string, Partial<Parameters<typeof priceOfNextCharge>[0]>, string]>([
  ["none", {}, "$3 a month"],
  ["for ever", { discountCents: 150, recurringDiscountCents: 150 }, "$1.50 a month, with HALF"],
  [
    "until a day after the next charge",
    { discountCents: 150, recurringDiscountCents: 150, discountEndsAt: new Date("2026-06-05T09:00:00Z") },
    "$1.50 a month, with HALF until 5 June 2026 and $3 a month after that",
  ],
  [
    "until the next charge, which is whole",
    { discountCents: 150, recurringDiscountCents: 150, discountEndsAt: may },
    "$3 a month",
  ],
  [
    "for once",
    { discountCents: 150, recurringDiscountCents: 0 },
    "$1.50 the next time, with HALF, and $3 a month after that",
  ],
  [
    "without a code",
    { discountCents: 300, recurringDiscountCents: 300, discountCode: null },
    "$0 a month, with a discount",
  ],
  [
    "a year",
    { amountCents: 3_000, intervalMonths: 12, discountCents: 300, recurringDiscountCents: 300 },
    "$27 a year, with HALF",
  ],
])("the price of the next charge with a discount: %s", (_name, fields, words) => {
  const priced = {
    amountCents: 300,
    currency: "usd",
    intervalMonths: 1,
    ...NO_DISCOUNT,
    discountCode: "HALF",
    ...fields,
  };
  expect(priceOfNextCharge(priced, may, style)).toBe(words);
});

/** As a person does it: the code is typed on Stripe's page. */
async function joinWith(shop: Shop, code: string, subscriberId: string): Promise<void> {
  const { url } = await shop.checkout(subscriberId);
  const card = { number: "4242424242424242", expiry: "12 / 34", cvc: "123", name: "Sam Reader" };
  const answer = await postForm(url, { email: "reader@example.com", code, ...card });
  expect(answer.status).toBe(303);
  await shop.hear();
}

async function makeCode(shop: Shop, coupon: Stripe.CouponCreateParams): Promise<void> {
  const { id } = await shop.stripe.coupons.create(coupon);
  await shop.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: id }, code: "MASTHEAD50" });
}

const HALF_FOR_THREE = { percent_off: 50, duration: "repeating", duration_in_months: 3 } as const;

test("a code for three months is told before each charge, taken off it, and over when it is over", async () => {
  const { db } = database;
  const shop = await openShop(db, { timeZone: "UTC" });
  const { id } = shop.reader;
  await makeCode(shop, HALF_FOR_THREE);
  await joinWith(shop, "masthead50", id);
  const publication = await db.publication.findFirstOrThrow();
  const account = async () => membershipInWords(await shop.membership(id), publication, services.now).detail;
  const half = "$1.50 a month, with MASTHEAD50 until 5 April 2026 and $3 a month after that";
  expect(await account()).toBe(`Then ${half} is charged. Cancel before, and nothing is.`);
  const [begun] = await db.notice.findMany({ where: { kind: "trial-started" } });
  expect(begun?.data).toMatchObject({ priceLabel: half });

  await shop.advance({ seconds: 8 * DAY });
  await shop.hear();
  expect(await account()).toContain(`You pay ${half}.`);
  const [receipt] = await db.notice.findMany({ where: { kind: "payment-received" } });
  expect(receipt?.data).toMatchObject({ amountLabel: "$1.50", discountLabel: "$1.50", nextPriceLabel: half });
  expect((await readFigures(db, { now: services.now })).monthly).toEqual([
    { currency: "usd", amountCents: 150 },
  ]);

  await shop.advance({ to: "2026-03-20T09:00:00Z" });
  await shop.hear();
  expect(await account()).toContain("You pay $3 a month. The next charge is on 12 April 2026.");
  await shop.advance({ to: "2026-04-20T09:00:00Z" });
  await shop.hear();
  expect(await shop.membership(id)).toMatchObject(NO_DISCOUNT);
  const charges = await shop.stripe.charges.list();
  expect(charges.data.map(({ amount }) => amount)).toEqual([300, 150, 150, 150]);
  expect((await findDrift(db, shop.stripe, services)).drifts).toEqual([]);
});

test("a code for once makes the first charge less, and counts nothing in what recurs", async () => {
  const { db } = database;
  const shop = await openShop(db, { trialDays: 0 });
  const { id } = shop.reader;
  await makeCode(shop, { amount_off: 100, currency: "usd", duration: "once" });
  await joinWith(shop, "MASTHEAD50", id);
  const [receipt] = await db.notice.findMany({ where: { kind: "payment-received" } });
  expect(receipt?.data).toMatchObject({
    amountLabel: "$2",
    discountLabel: "$1",
    nextPriceLabel: "$3 a month",
  });
  expect((await readFigures(db, { now: services.now })).monthly).toEqual([
    { currency: "usd", amountCents: 300 },
  ]);
});

test("a discount that our row does not know is a difference in price, and mended by looking again", async () => {
  const { db } = database;
  const shop = await openShop(db);
  await makeCode(shop, { percent_off: 50, duration: "forever" });
  await joinWith(shop, "MASTHEAD50", shop.reader.id);
  await db.membership.updateMany({ data: { discountCents: null } });
  const { drifts } = await findDrift(db, shop.stripe, services);
  expect(drifts).toMatchObject([
    { kind: "price", mendable: true, here: "discountCents null", atStripe: "discountCents 150" },
  ]);
});

test("a coupon that was deleted at Stripe goes on for who has it", async () => {
  const { db } = database;
  const shop = await openShop(db);
  await makeCode(shop, { percent_off: 50, duration: "forever" });
  await joinWith(shop, "MASTHEAD50", shop.reader.id);
  const [coupon] = (await shop.stripe.coupons.list()).data;
  await shop.stripe.coupons.del(String(coupon?.id));
  await shop.advance({ seconds: 8 * DAY });
  await shop.hear();
  expect(await shop.membership(shop.reader.id)).toMatchObject({
    discountCents: 150,
    discountCode: "MASTHEAD50",
  });
});
