import { expect, test } from "vitest";
import { createPrice, GOOD_CARD, openSandbox, postJson, startTrial, type TestSandbox } from "../test-stripe";

const DAY = 86_400;

async function startPaid() {
  const sandbox = await openSandbox({ now: new Date("2026-04-01T00:00:00Z") });
  const { subscription, customer } = await startTrial(sandbox, GOOD_CARD, { subscription_data: {} });
  const item = subscription.items.data[0]?.id ?? "";
  return { ...sandbox, sandbox, subscription, customer, item };
}

const dear = ({ stripe }: TestSandbox, unit_amount: number, interval: "month" | "year" = "month") =>
  stripe.prices.create({
    currency: "usd",
    unit_amount,
    recurring: { interval },
    product_data: { name: "Dear" },
  });

test("a dearer price is charged from its day on, with the next invoice", async () => {
  const { sandbox, stripe, subscription, item } = await startPaid();
  await sandbox.advance({ seconds: 15 * DAY });
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: (await dear(sandbox, 600)).id }],
  });
  expect((await stripe.invoices.list()).data).toHaveLength(1);
  await sandbox.advance({ seconds: 16 * DAY });
  const [invoice] = (await stripe.invoices.list()).data;
  expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-150, 300, 600]);
  expect(invoice).toMatchObject({ total: 750, amount_paid: 750, status: "paid" });
});

test("it can be charged at once, or not at all", async () => {
  for (const [proration_behavior, totals] of [
    ["always_invoice", [150, 300]],
    ["none", [300]],
  ] as const) {
    const { sandbox, stripe, subscription, item } = await startPaid();
    await sandbox.advance({ seconds: 15 * DAY });
    const { id: price } = await dear(sandbox, 600);
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price }], proration_behavior });
    expect((await stripe.invoices.list()).data.map(({ total }) => total)).toEqual(totals);
  }
});

test("from month to year a new period begins today, less what is unused", async () => {
  const { sandbox, stripe, subscription, item } = await startPaid();
  await sandbox.advance({ seconds: 15 * DAY });
  const yearly = await dear(sandbox, 3_000, "year");
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: yearly.id }],
    expand: ["latest_invoice"],
  });
  expect(changed).toMatchObject({ status: "active", latest_invoice: { total: 2_850, status: "paid" } });
  const end = new Date((changed.items.data[0]?.current_period_end ?? 0) * 1_000);
  expect(end.toISOString().slice(0, 10)).toBe("2027-04-16");
});

test("from year to month the rest becomes credit, which pays the next invoices", async () => {
  const sandbox = await openSandbox({ now: new Date("2026-04-01T00:00:00Z") });
  const { stripe } = sandbox;
  const yearly = await dear(sandbox, 3_650, "year");
  const { subscription, customer } = await startTrial(sandbox, GOOD_CARD, {
    subscription_data: {},
    line_items: [{ price: yearly.id }],
  });
  await sandbox.advance({ seconds: 65 * DAY });
  const item = subscription.items.data[0]?.id ?? "";
  const monthly = await createPrice(stripe);
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: monthly.id }] });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -2_700 });
  await sandbox.advance({ seconds: 32 * DAY });
  expect((await stripe.invoices.list()).data[0]).toMatchObject({
    total: 300,
    amount_due: 0,
    starting_balance: -2_700,
    ending_balance: -2_400,
  });
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test("who has half off is credited and charged half", async () => {
  const sandbox = await openSandbox({ now: new Date("2026-04-01T00:00:00Z") });
  const { stripe } = sandbox;
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
  const discounts = [{ coupon: coupon.id }];
  const { subscription } = await startTrial(sandbox, GOOD_CARD, { subscription_data: {}, discounts });
  await sandbox.advance({ seconds: 15 * DAY });
  const items = [{ id: subscription.items.data[0]?.id ?? "", price: (await dear(sandbox, 600)).id }];
  await stripe.subscriptions.update(subscription.id, { items, proration_behavior: "always_invoice" });
  const [invoice] = (await stripe.invoices.list()).data;
  expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-75, 150]);
  expect(invoice).toMatchObject({ total: 75, status: "paid" });
});

test("in a trial another price costs nothing today", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox);
  const { id: price } = await dear(sandbox, 3_000, "year");
  const items = [{ id: subscription.items.data[0]?.id ?? "", price }];
  const changed = await sandbox.stripe.subscriptions.update(subscription.id, { items });
  expect(changed).toMatchObject({ status: "trialing", trial_end: subscription.trial_end });
  await sandbox.advance({ seconds: 8 * DAY });
  expect((await sandbox.stripe.invoices.list()).data[0]).toMatchObject({ total: 3_000, status: "paid" });
});

test.each([
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
  ["keep_as_draft", "draft"],
] as const)(
  "while collection pauses with %s, an invoice is %s and nobody is charged",
  async (behavior, status) => {
    const { sandbox, stripe, subscription } = await startPaid();
    const paused = await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior, resumes_at: Date.parse("2026-05-10T00:00:00Z") / 1_000 },
    });
    expect(paused).toMatchObject({ status: "active", pause_collection: { behavior } });
    await sandbox.advance({ seconds: 32 * DAY });
    expect((await stripe.invoices.list()).data[0]).toMatchObject({ status, amount_paid: 0 });
    await sandbox.advance({ seconds: 30 * DAY });
    expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
    expect((await stripe.invoices.list()).data[0]).toMatchObject({ status: "paid", amount_paid: 300 });
  },
);

test.each([
  ["won", ["charge.dispute.funds_reinstated", "charge.dispute.closed"]],
  ["lost", ["charge.dispute.closed"]],
] as const)("a bank disputes a charge, and decides: %s", async (outcome, expected) => {
  const { url, stripe } = await startPaid();
  const [charge] = (await stripe.charges.list()).data;
  const opened = await postJson(`${url}/_sandbox/disputes`, { charge: charge?.id });
  const { id: dispute } = await opened.json();
  expect(await stripe.charges.retrieve(charge?.id ?? "")).toMatchObject({ disputed: true });
  expect((await postJson(`${url}/_sandbox/disputes`, { charge: charge?.id })).status).toBe(400);
  await postJson(`${url}/_sandbox/disputes/close`, { dispute, outcome });
  const { data } = await stripe.events.list({ type: "charge.dispute.*" });
  expect(data.map(({ type }) => type)).toEqual([
    ...expected,
    "charge.dispute.funds_withdrawn",
    "charge.dispute.created",
  ]);
  expect((await stripe.disputes.retrieve(dispute)).status).toBe(outcome);
});
