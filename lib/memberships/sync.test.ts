import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { pay } from "@/sandbox/stripe/test-stripe";
import { cancelAtOnce } from "./cancel-at-once";
import { confirmCheckout } from "./confirm-checkout";
import { handleStripeEvent } from "./handle-stripe-event";
import { reconcileMemberships } from "./reconcile";
import { DAY, openShop, services } from "./shop.fixture";
import { chooseSubscription } from "./truth";

const database = useTestDatabase({ emptyEachTime: true });

async function open(settings: Parameters<typeof openShop>[1] = {}) {
  const shop = await openShop(database.db, settings);
  const join = async () => {
    const { id } = await shop.addReader();
    await pay(await shop.checkout(id));
    return id;
  };
  const only = async () => {
    const [subscription] = (await shop.stripe.subscriptions.list({ status: "all" })).data;
    if (!subscription) throw new Error("There is no subscription.");
    return subscription;
  };
  const cancelLater = async () => {
    await shop.stripe.subscriptions.update((await only()).id, { cancel_at_period_end: true });
  };
  return { ...shop, join, only, cancelLater };
}

describe("what webhooks lead to", () => {
  test("S17: a cancelled trial stays open to its end, is not reminded of a charge, and is never charged", async () => {
    const shop = await open();
    const id = await shop.join();
    await shop.cancelLater();
    await shop.hear();
    const membership = await shop.membership(id);
    expect(membership).toMatchObject({ status: "TRIALING", cancelAtPeriodEnd: true });
    expect(membership?.endsAt).toEqual(membership?.trialEndsAt);
    // By the clock a reminder would be due now.
    await shop.advance({ seconds: 5 * DAY });
    const dayFive = new Date(services.now.getTime() + 5 * DAY * 1_000);
    await reconcileMemberships(database.db, shop.stripe, { ...services, now: dayFive });
    await shop.advance({ seconds: 3 * DAY });
    await shop.hear();
    expect((await shop.membership(id))?.status).toBe("CANCELED");
    expect(await shop.mails(id)).toEqual(["trial-started", "membership-cancelled", "membership-ended"]);
    const paid = (await shop.stripe.invoices.list()).data.filter(({ amount_paid }) => amount_paid > 0);
    expect(paid).toEqual([]);
  });

  test("somebody who cancels, takes it back and cancels again is told each time, once", async () => {
    const shop = await open();
    const id = await shop.join();
    for (const cancels of [true, false, true]) {
      await shop.advance({ seconds: 60 });
      await shop.stripe.subscriptions.update((await shop.only()).id, { cancel_at_period_end: cancels });
      await shop.hear();
    }
    expect(await shop.mails(id)).toEqual(["trial-started", "membership-cancelled", "membership-cancelled"]);
  });

  test("one that fails keeps its reason and waits behind those never tried", async () => {
    const shop = await open();
    const id = await shop.join();
    await database.db.stripeEvent.create({ data: { id: "evt_bad", type: "x", customerId: "cus_gone" } });
    await shop.addReader({ stripeCustomerId: "cus_gone" });
    await expect(handleStripeEvent(database.db, shop.stripe, "evt_bad", services)).rejects.toThrow();
    expect((await database.db.stripeEvent.findUnique({ where: { id: "evt_bad" } }))?.error).toContain(
      "No such",
    );
    await expect(shop.hear()).rejects.toThrow("No such");
    expect((await shop.membership(id))?.status).toBe("TRIALING");
    expect(await database.db.stripeEvent.count({ where: { handledAt: null } })).toBe(1);
  });
});

test("an event about a customer whom nobody here is, or is no longer, leaves no customer behind", async () => {
  const shop = await open();
  const id = await shop.join();
  await shop.stripe.customers.create({});
  await shop.hear();
  const { stripeCustomerId } = await database.db.subscriber.findUniqueOrThrow({ where: { id } });
  const named = await database.db.stripeEvent.findMany({ where: { customerId: { not: null } } });
  expect(new Set(named.map(({ customerId }) => customerId))).toEqual(new Set([stripeCustomerId]));
  await database.db.subscriber.delete({ where: { id } });
  await shop.stripe.subscriptions.cancel((await shop.only()).id);
  await shop.hear();
  const [last] = await database.db.stripeEvent.findMany({ orderBy: { receivedAt: "desc" }, take: 1 });
  expect(last).toMatchObject({ type: "customer.subscription.deleted", customerId: null, error: null });
});

describe("reading the truth", () => {
  test("reconcile repairs what lost webhooks left: newcomers, those who left, and those who came back", async () => {
    const shop = await open();
    const [stays, leaves, returns] = [await shop.join(), await shop.join(), await shop.join()];
    await reconcileMemberships(database.db, shop.stripe, services);
    await cancelAtOnce(database.db, shop.stripe, leaves);
    await cancelAtOnce(database.db, shop.stripe, returns);
    await reconcileMemberships(database.db, shop.stripe, services);
    await pay(await shop.checkout(returns));
    expect((await shop.membership(returns))?.status).toBe("CANCELED");
    const newcomer = await shop.join();
    expect(await shop.membership(newcomer)).toBeNull();
    const { failed } = await reconcileMemberships(database.db, shop.stripe, services);
    expect(failed).toBe(0);
    const states = await Promise.all([stays, leaves, returns, newcomer].map((id) => shop.membership(id)));
    expect(states.map((each) => each?.status)).toEqual(["TRIALING", "CANCELED", "ACTIVE", "TRIALING"]);
  });

  test("the reminder of the first charge comes though its webhook was lost", async () => {
    const shop = await open();
    const id = await shop.join();
    await shop.advance({ seconds: 5 * DAY });
    const now = new Date(services.now.getTime() + 5 * DAY * 1_000);
    await reconcileMemberships(database.db, shop.stripe, { ...services, now });
    expect(await shop.mails(id)).toEqual(["trial-started", "trial-ending"]);
  });

  test("one customer who cannot be read stops no other", async () => {
    const shop = await open();
    const bad = await shop.addReader({ stripeCustomerId: "cus_of_another_account" });
    await createMembership(database.db, bad.id, { source: "STRIPE", status: "ACTIVE" });
    const id = await shop.join();
    const answer = await reconcileMemberships(database.db, shop.stripe, services);
    expect(answer).toMatchObject({ checked: 2, failed: 1 });
    expect((await shop.membership(id))?.status).toBe("TRIALING");
    expect((await shop.membership(bad.id))?.status).toBe("ACTIVE");
  });

  test("S14: what was paid twice is given back and ended; the first goes on", async () => {
    const shop = await open({ trialDays: 0 });
    const id = await shop.join();
    const first = await shop.only();
    await shop.stripe.subscriptions.update(first.id, { description: "the first" });
    const session = await shop.stripe.checkout.sessions.create({
      mode: "subscription",
      customer: String(first.customer),
      line_items: [{ price: first.items.data[0]?.price.id ?? "", quantity: 1 }],
      subscription_data: { metadata: { subscriberId: id } },
      success_url: "http://127.0.0.1:9/done",
    });
    await shop.advance({ seconds: 60 });
    await pay(session);
    await shop.hear();
    await shop.hear();
    const running = (await shop.stripe.subscriptions.list()).data;
    expect(running.map((each) => each.id)).toEqual([first.id]);
    expect((await shop.stripe.refunds.list()).data).toMatchObject([{ amount: 300, reason: "duplicate" }]);
    expect((await shop.membership(id))?.stripeSubscriptionId).toBe(first.id);
  });
});

const subscription = (id: string, status: Stripe.Subscription.Status, created: number) =>
  ({ id, status, created }) as Stripe.Subscription;

test.each([
  ["nothing", [], null, []],
  ["the only one", [subscription("a", "canceled", 1)], "a", []],
  ["the newest that ended", [subscription("a", "canceled", 1), subscription("b", "canceled", 2)], "b", []],
  ["one that runs", [subscription("a", "active", 1), subscription("b", "canceled", 2)], "a", []],
  ["the oldest that runs", [subscription("b", "active", 2), subscription("a", "trialing", 1)], "a", ["b"]],
  ["one in order", [subscription("a", "past_due", 1), subscription("b", "active", 2)], "b", ["a"]],
  [
    "one in order before an unpaid one",
    [subscription("a", "unpaid", 1), subscription("b", "active", 2)],
    "b",
    ["a"],
  ],
])("of several subscriptions %s is kept", (_name, given, kept, extra) => {
  const choice = chooseSubscription(given);
  expect(choice.kept?.id ?? null).toBe(kept);
  expect(choice.extra.map(({ id }) => id)).toEqual(extra);
});

describe("back from the checkout", () => {
  const confirm = (shop: Awaited<ReturnType<typeof open>>, id: string, minutes = 0) =>
    confirmCheckout(database.db, shop.stripe, id, {
      ...services,
      now: new Date(services.now.getTime() + minutes * 60_000),
    });

  test("asks Stripe no more than thirty times in ten minutes", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    const { url } = await shop.checkout(id);
    for (let load = 0; load < 30; load += 1) await confirm(shop, id);
    await pay({ url });
    expect(await confirm(shop, id)).toBe(false);
    expect(await confirm(shop, id, 11)).toBe(true);
  });
});
