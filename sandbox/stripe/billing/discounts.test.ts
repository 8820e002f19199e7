import { expect, test } from "vitest";
import {
  createSession,
  GOOD_CARD,
  openSandbox,
  pay,
  postForm,
  startTrial,
  type TestSandbox,
} from "../test-stripe";
import { reductionOf } from "./discounts";

const AT_ONCE = { subscription_data: {} };
const MONTH = 31 * 86_400;

test.each([
  [{ percent_off: 50, amount_off: null }, 300, 150],
  [{ percent_off: 33.3, amount_off: null }, 300, 100],
  [{ percent_off: 100, amount_off: null }, 300, 300],
  [{ percent_off: null, amount_off: 100 }, 300, 100],
  [{ percent_off: null, amount_off: 500 }, 300, 300],
  [{ percent_off: 50, amount_off: null }, 0, 0],
])("the coupon %j takes off %i its part, %i", (coupon, amount, expected) => {
  expect(reductionOf(coupon as Parameters<typeof reductionOf>[0], amount)).toBe(expected);
});

async function paidInvoices({ stripe }: TestSandbox) {
  const { data } = await stripe.invoices.list({ status: "paid", limit: 100 });
  return data.map(({ amount_paid }) => amount_paid).reverse();
}

test.each([
  ["once", {}, [150, 300, 300, 300]],
  ["repeating", { duration_in_months: 2 }, [150, 150, 300, 300]],
  ["forever", {}, [150, 150, 150, 150]],
] as const)("a discount %s is taken off the right invoices", async (duration, more, expected) => {
  const sandbox = await openSandbox();
  const coupon = await sandbox.stripe.coupons.create({ percent_off: 50, duration, ...more });
  await startTrial(sandbox, GOOD_CARD, { ...AT_ONCE, discounts: [{ coupon: coupon.id }] });
  for (let months = 0; months < 3; months += 1) await sandbox.advance({ seconds: MONTH });
  expect(await paidInvoices(sandbox)).toEqual(expected);
  expect((await sandbox.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
});

test("a discount for once waits for the first charge after a trial", async () => {
  const sandbox = await openSandbox();
  const coupon = await sandbox.stripe.coupons.create({ amount_off: 100, currency: "usd", duration: "once" });
  await startTrial(sandbox, GOOD_CARD, { discounts: [{ coupon: coupon.id }] });
  await sandbox.advance({ seconds: 45 * 86_400 });
  expect(await paidInvoices(sandbox)).toEqual([0, 200, 300]);
});

test("a code typed on the page changes what is due, and keeps what was typed", async () => {
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever", name: "Friends" });
  const promotion = { type: "coupon" as const, coupon: coupon.id };
  const code = await stripe.promotionCodes.create({ promotion, code: "FRIENDS", max_redemptions: 1 });
  const session = await createSession(stripe, { ...AT_ONCE, allow_promotion_codes: true });
  const form = {
    email: "reader@example.com",
    number: GOOD_CARD,
    expiry: "12/34",
    cvc: "123",
    name: "Sam Typed",
  };
  const wrong = await postForm(session.url ?? "", { ...form, code: "nobody", action: "apply" });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining("no such code")]);
  const page = await (
    await postForm(session.url ?? "", { ...form, code: "friends", action: "apply" })
  ).text();
  for (const words of ["$1.50 due today", "Discount Friends: 50% off", "Sam Typed"])
    expect(page).toContain(words);
  expect((await postForm(session.url ?? "", { ...form, code: "friends" })).status).toBe(303);
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_subtotal: 300,
    amount_total: 150,
    total_details: { amount_discount: 150 },
    discounts: [{ promotion_code: code.id }],
  });
  const second = await createSession(stripe, { ...AT_ONCE, allow_promotion_codes: true });
  expect(await (await postForm(second.url ?? "", { ...form, code: "friends" })).text()).toContain(
    "has expired",
  );
});

test("the last redemption goes to one of two who have it on their page", async () => {
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "once", max_redemptions: 1 });
  const open = () => createSession(stripe, { ...AT_ONCE, discounts: [{ coupon: coupon.id }] });
  const [first, second] = [await open(), await open()];
  expect((await pay(first)).status).toBe(303);
  const refused = await pay(second);
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("has expired")]);
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
});

test("a whole price off asks for a card and charges nothing", async () => {
  const sandbox = await openSandbox();
  const coupon = await sandbox.stripe.coupons.create({ percent_off: 100, duration: "forever" });
  const { session } = await startTrial(sandbox, GOOD_CARD, {
    ...AT_ONCE,
    discounts: [{ coupon: coupon.id }],
  });
  expect(session).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
  expect((await sandbox.stripe.charges.list()).data).toEqual([]);
});

test("a deleted coupon is given to nobody, and stays with who has it", async () => {
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
  const { subscription } = await startTrial(sandbox, GOOD_CARD, {
    ...AT_ONCE,
    discounts: [{ coupon: coupon.id }],
  });
  await stripe.coupons.del(coupon.id);
  await expect(createSession(stripe, { discounts: [{ coupon: coupon.id }] })).rejects.toMatchObject({
    code: "resource_missing",
  });
  await sandbox.advance({ seconds: MONTH + 7_200 });
  expect(await paidInvoices(sandbox)).toEqual([150, 150]);
  await stripe.subscriptions.update(subscription.id, { discounts: "" });
  await sandbox.advance({ seconds: MONTH });
  expect((await paidInvoices(sandbox)).at(-1)).toBe(300);
});

test.each([
  [{ percent_off: 50, amount_off: 100 }, "not both"],
  [{}, "not both"],
  [{ amount_off: 100 }, "currency"],
  [{ percent_off: 101 }, "100"],
  [{ percent_off: 50, duration: "repeating" as const }, "duration_in_months"],
])("the coupon %j is refused", async (given, words) => {
  const { stripe } = await openSandbox();
  await expect(stripe.coupons.create(given)).rejects.toThrow(words);
});

test("a gift is paid once, by a guest, and makes no subscription", async () => {
  const { stripe } = await openSandbox();
  const gift = await stripe.prices.create({
    currency: "usd",
    unit_amount: 3_600,
    product_data: { name: "Gift" },
  });
  const params = {
    mode: "payment" as const,
    line_items: [{ price: gift.id, quantity: 1 }],
    payment_intent_data: { metadata: { gift: "one" } },
  };
  const { subscription_data: _none, ...session } = { subscription_data: undefined, ...params };
  const open = await stripe.checkout.sessions.create({ ...session, success_url: "http://127.0.0.1:9/done" });
  expect(await (await fetch(open.url ?? "")).text()).toContain("Pay $36.00");
  expect((await pay(open, "4000000000000002")).status).toBe(422);
  expect((await pay(open)).status).toBe(303);
  const paid = await stripe.checkout.sessions.retrieve(open.id, { expand: ["payment_intent"] });
  expect(paid).toMatchObject({
    mode: "payment",
    customer: null,
    subscription: null,
    payment_status: "paid",
    payment_intent: { amount: 3_600, status: "succeeded", metadata: { gift: "one" } },
  });
  await expect(
    createSession(stripe, { mode: "payment", line_items: params.line_items }),
  ).rejects.toMatchObject({
    param: "subscription_data",
  });
});
