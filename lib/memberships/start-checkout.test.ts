import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { eraseSubscriber } from "@/lib/subscribers/erase";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { START } from "@/sandbox/stripe/test-stripe";
import { askStripe } from "./ask-stripe";
import { confirmCheckout } from "./confirm-checkout";
import { openPortal } from "./open-portal";
import { openShop, PUBLIC_URL, services } from "./shop.fixture";
import { startCheckout } from "./start-checkout";

const database = useTestDatabase({ emptyEachTime: true });

async function offerOf(stripe: Stripe, sessionId: string) {
  const session = await stripe.checkout.sessions.retrieve(sessionId, { expand: ["line_items"] });
  const price = session.line_items?.data[0]?.price;
  return { amount: price?.unit_amount, currency: price?.currency, interval: price?.recurring?.interval };
}

test("price, currency and trial are those of the settings", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db, {
    priceCents: 450,
    currency: "eur",
    trialDays: 10,
  });
  const session = await checkOut(reader.id);
  expect(await offerOf(stripe, session.id)).toEqual({ amount: 450, currency: "eur", interval: "month" });
  const subscription = await stripe.subscriptions.retrieve(String(session.subscription));
  expect(subscription).toMatchObject({ status: "trialing", metadata: { subscriberId: reader.id } });
  expect(Number(subscription.trial_end) - Number(subscription.trial_start)).toBe(10 * 86_400);
});

test("without a trial in the settings the first month is charged at once", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db, { trialDays: 0 });
  const session = await checkOut(reader.id);
  const subscription = await stripe.subscriptions.retrieve(String(session.subscription));
  expect(subscription).toMatchObject({ status: "active", trial_end: null });
});

test("a new price is for new members; who pays the old one keeps it", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db);
  const first = await checkOut(reader.id);
  await db.publication.updateMany({ data: { priceCents: 500 } });
  const newcomer = await createSubscriber(db);
  const second = await checkOut(newcomer.id);
  expect((await offerOf(stripe, first.id)).amount).toBe(300);
  expect((await offerOf(stripe, second.id)).amount).toBe(500);
  const { data: products } = await stripe.products.list({ limit: 10 });
  expect(products).toHaveLength(1);
});

test("asking again leads to the same page, and makes no second customer or session", async () => {
  const { db } = database;
  const { stripe, reader } = await openShop(db);
  const request = { subscriberId: reader.id, issueSlug: "one" };
  const first = await startCheckout(db, stripe, request, services);
  const second = await startCheckout(db, stripe, request, services);
  expect(second.url).toBe(first.url);
  expect((await stripe.customers.list()).data).toHaveLength(1);
  expect((await stripe.checkout.sessions.list()).data).toHaveLength(1);
});

test("two at once end with one customer", async () => {
  const { db } = database;
  const { stripe, reader } = await openShop(db);
  const request = { subscriberId: reader.id, issueSlug: null };
  await Promise.all([
    startCheckout(db, stripe, request, services),
    startCheckout(db, stripe, request, services),
  ]);
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

test("another issue or another offer closes the open page", async () => {
  const { db } = database;
  const { stripe, reader } = await openShop(db);
  const first = await startCheckout(db, stripe, { subscriberId: reader.id, issueSlug: "one" }, services);
  await db.publication.updateMany({ data: { priceCents: 900 } });
  const second = await startCheckout(db, stripe, { subscriberId: reader.id, issueSlug: "one" }, services);
  expect(second.url).not.toBe(first.url);
  const { data: open } = await stripe.checkout.sessions.list({ status: "open" });
  expect(open.map((session) => session.url)).toEqual([second.url]);
});

test("S15: who used the trial is offered none, whatever address or account they say it is for", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db);
  await db.subscriber.update({ where: { id: reader.id }, data: { trialUsedAt: new Date("2026-01-01") } });
  const session = await checkOut(reader.id);
  const subscription = await stripe.subscriptions.retrieve(String(session.subscription));
  expect(subscription).toMatchObject({ status: "active", trial_start: null });
});

test("S15: who was erased after a trial and signs up again is offered none", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db);
  await db.subscriber.update({ where: { id: reader.id }, data: { trialUsedAt: new Date("2026-01-01") } });
  const cancelMembership = () => Promise.reject(new Error("There is nothing to cancel."));
  await eraseSubscriber(db, reader.id, { now: START, isAuthor: async () => false, cancelMembership });
  const again = await createSubscriber(db, { email: reader.email });
  const session = await checkOut(again.id);
  const subscription = await stripe.subscriptions.retrieve(String(session.subscription));
  expect(subscription).toMatchObject({ status: "active", trial_start: null });
});

describe("is refused", () => {
  test("B76: to somebody whose address nobody has confirmed", async () => {
    const { db } = database;
    const { stripe } = await openShop(db);
    const pending = await createSubscriber(db, { status: "PENDING" });
    const request = { subscriberId: pending.id, issueSlug: null };
    await expect(startCheckout(db, stripe, request, services)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test.each(["TRIALING", "ACTIVE", "PAST_DUE", "UNPAID", "PAUSED"] as const)(
    "to somebody whose subscription is %s: it would be a second one",
    async (status) => {
      const { db } = database;
      const { stripe, reader } = await openShop(db);
      await createMembership(db, reader.id, { source: "STRIPE", status, stripeSubscriptionId: "sub_1" });
      const request = { subscriberId: reader.id, issueSlug: null };
      await expect(startCheckout(db, stripe, request, services)).rejects.toMatchObject({ code: "CONFLICT" });
    },
  );

  test("B76: after five new pages within an hour, until the hour is over", async () => {
    const { db } = database;
    const { stripe, reader } = await openShop(db);
    let asked = 0;
    const ask = (now: Date) => {
      asked += 1;
      const request = { subscriberId: reader.id, issueSlug: `issue-${asked}` };
      return startCheckout(db, stripe, request, { ...services, now });
    };
    for (let time = 0; time < 5; time += 1) await ask(START);
    await expect(ask(START)).rejects.toMatchObject({ code: "TOO_MANY", retryAfterSeconds: 3_600 });
    await expect(ask(new Date(START.getTime() + 3_601_000))).resolves.toMatchObject({
      url: expect.any(String),
    });
  });

  test("B76: after twenty new pages within an hour from one address, and not from another", async () => {
    const { db } = database;
    const { stripe } = await openShop(db);
    const ask = async (client: string) => {
      const { id: subscriberId } = await createSubscriber(db);
      return startCheckout(db, stripe, { subscriberId, issueSlug: null, client }, services);
    };
    for (let time = 0; time < 20; time += 1) await ask("192.0.2.7");
    await expect(ask("192.0.2.7")).rejects.toMatchObject({ code: "TOO_MANY", retryAfterSeconds: 3_600 });
    await expect(ask("192.0.2.8")).resolves.toMatchObject({ url: expect.any(String) });
  });

  test("S20: while the product is archived at Stripe", async () => {
    const { db } = database;
    const { stripe, reader, checkOut } = await openShop(db);
    await checkOut(reader.id);
    const [product] = (await stripe.products.list()).data;
    await stripe.products.update(String(product?.id), { active: false });
    const other = await createSubscriber(db);
    const request = { subscriberId: other.id, issueSlug: null };
    await expect(startCheckout(db, stripe, request, services)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("a Stripe that never answers is waited for no longer than a person waits", async () => {
  await expect(askStripe(() => new Promise(() => undefined), 20)).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
});

describe("coming back from Stripe", () => {
  test("opens the membership of who paid, without waiting for a webhook", async () => {
    const { db } = database;
    const { stripe, reader, checkOut } = await openShop(db);
    expect(await confirmCheckout(db, stripe, reader.id, services)).toBe(false);
    await checkOut(reader.id);
    expect(await confirmCheckout(db, stripe, reader.id, services)).toBe(true);
    expect(await db.membership.findUnique({ where: { subscriberId: reader.id } })).toMatchObject({
      status: "TRIALING",
      amountCents: 300,
    });
  });

  test("S13: opens nothing for somebody else, nor for who only opened the page", async () => {
    const { db } = database;
    const { stripe, reader, checkOut } = await openShop(db);
    await checkOut(reader.id);
    const other = await createSubscriber(db);
    await startCheckout(db, stripe, { subscriberId: other.id, issueSlug: null }, services);
    expect(await confirmCheckout(db, stripe, other.id, services)).toBe(false);
    expect(await db.membership.count({ where: { subscriberId: other.id } })).toBe(0);
  });
});

describe("the customer portal", () => {
  test("is opened for the reader's own customer", async () => {
    const { db } = database;
    const { stripe, reader, checkOut, url: sandboxUrl } = await openShop(db);
    const { customer } = await checkOut(reader.id);
    const { url } = await openPortal(db, stripe, reader.id, { publicUrl: PUBLIC_URL });
    const page = await (await fetch(url)).text();
    expect(url).toContain(sandboxUrl);
    expect(page).toContain(reader.email);
    expect(customer).toBe(
      (await db.subscriber.findUniqueOrThrow({ where: { id: reader.id } })).stripeCustomerId,
    );
  });

  test("is not there for who never paid", async () => {
    const { db } = database;
    const { stripe, reader } = await openShop(db);
    const asked = openPortal(db, stripe, reader.id, { publicUrl: PUBLIC_URL });
    await expect(asked).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
