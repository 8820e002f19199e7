import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { GOOD_CARD, postForm, START, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { opensPaidIssues } from "./access";
import { cancelAtOnce } from "./cancel-at-once";
import { listUnhandledEvents } from "./handle-stripe-event";
import { openPortal } from "./open-portal";
import { payWithNewCard } from "./pay-with-new-card";
import { reconcileMemberships } from "./reconcile";
import { recordStripeEvent } from "./record-stripe-event";
import { DAY, openShop, PUBLIC_URL, services, till } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const RENEWAL_FAILS = "4000000000000341";

const membershipOf = (subscriberId: string) =>
  database.db.membership.findUniqueOrThrow({ where: { subscriberId } });

const isOpen = async (subscriberId: string, afterSeconds: number) =>
  opensPaidIssues(await membershipOf(subscriberId), {
    now: new Date(START.getTime() + afterSeconds * 1_000),
    graceDays: 7,
  });

test("a trial opens everything, is announced, ends with a charge, and each is told once", async () => {
  const { db } = database;
  const { reader, checkOut, advance, receiveAll, mails } = await openShop(db);
  await checkOut(reader.id);
  await receiveAll();
  expect(await membershipOf(reader.id)).toMatchObject({ status: "TRIALING", source: "STRIPE" });
  expect(await isOpen(reader.id, 1)).toBe(true);
  expect(await mails(reader.id)).toEqual(["trial-started"]);

  await advance({ seconds: 4 * DAY + 60 });
  await receiveAll();
  expect(await mails(reader.id)).toEqual(["trial-started", "trial-ending"]);

  await advance({ seconds: 3 * DAY + 2 * 3_600 });
  await receiveAll();
  expect(await membershipOf(reader.id)).toMatchObject({ status: "ACTIVE", cancelAtPeriodEnd: false });
  expect(await mails(reader.id)).toEqual(["trial-started", "trial-ending", "payment-received"]);
  const receipt = await db.notice.findFirstOrThrow({ where: { kind: "payment-received" } });
  expect(receipt.data).toMatchObject({ amountLabel: expect.stringContaining("3") });
  const { trialUsedAt } = await db.subscriber.findUniqueOrThrow({ where: { id: reader.id } });
  expect(trialUsedAt && trialUsedAt.getTime() - START.getTime()).toBeLessThan(60_000);
});

test("who cancels keeps what is paid, to the end and no longer", async () => {
  const { db } = database;
  const { stripe, reader, checkOut, advance, receiveAll, mails } = await openShop(db);
  const session = await checkOut(reader.id);
  await stripe.subscriptions.update(String(session.subscription), { cancel_at_period_end: true });
  await receiveAll();
  expect(await membershipOf(reader.id)).toMatchObject({ status: "TRIALING", cancelAtPeriodEnd: true });
  expect(await isOpen(reader.id, 7 * DAY - 1)).toBe(true);
  expect(await isOpen(reader.id, 7 * DAY)).toBe(false);
  await advance({ seconds: 7 * DAY + 7_200 });
  await receiveAll();
  expect(await membershipOf(reader.id)).toMatchObject({ status: "CANCELED" });
  expect(await mails(reader.id)).toEqual(["trial-started", "membership-cancelled", "membership-ended"]);
  const { data: charges } = await stripe.charges.list();
  expect(charges).toEqual([]);
});

test("S16: a failed charge leaves the days of grace, and is told with a way to mend it", async () => {
  const { db } = database;
  const { reader, checkOut, advance, receiveAll, mails } = await openShop(db);
  await checkOut(reader.id, RENEWAL_FAILS);
  await advance({ seconds: 7 * DAY + 7_200 });
  await receiveAll();
  const membership = await membershipOf(reader.id);
  expect(membership.status).toBe("PAST_DUE");
  expect(await isOpen(reader.id, 7 * DAY + 7_200)).toBe(true);
  expect(await isOpen(reader.id, 15 * DAY)).toBe(false);
  const kinds = await mails(reader.id);
  expect(kinds.filter((kind) => kind === "payment-failed")).toHaveLength(1);
});

describe("another card after a failed charge", () => {
  async function overdue() {
    const { db } = database;
    const shop = await openShop(db);
    const { reader, stripe } = shop;
    await shop.checkOut(reader.id, RENEWAL_FAILS);
    await shop.advance({ seconds: 7 * DAY + 7_200 });
    await shop.receiveAll();
    expect((await membershipOf(reader.id)).status).toBe("PAST_DUE");
    const { url } = await openPortal(db, stripe, reader.id, { publicUrl: PUBLIC_URL });
    const card = { action: "card", expiry: "12/34", cvc: "123", name: "Sam Reader" };
    const enter = async (number: string) =>
      expect((await postForm(url, { ...card, number })).status).toBe(303);
    const give = async (number: string) => {
      await enter(number);
      await shop.hear();
    };
    const attempts = async () => (await stripe.charges.list()).data.map(({ status }) => status).sort();
    return { ...shop, enter, give, attempts };
  }

  test("is charged at once, and no more than once", async () => {
    const { reader, enter, attempts, hear, events, mails, stripe, subscriptionOf } = await overdue();
    const before = await attempts();
    await enter(GOOD_CARD);
    const customer = String((await subscriptionOf(reader.id)).customer);
    for (const event of await events()) await payWithNewCard(database.db, stripe, event, customer);
    await hear();
    expect((await membershipOf(reader.id)).status).toBe("ACTIVE");
    expect(await attempts()).toEqual([...before, "succeeded"]);
    expect((await mails(reader.id)).filter((kind) => kind === "payment-received")).toHaveLength(1);
  });

  test("that is refused, too, changes nothing, and a third one pays", async () => {
    const { reader, give } = await overdue();
    await give(RENEWAL_FAILS);
    expect((await membershipOf(reader.id)).status).toBe("PAST_DUE");
    await give(GOOD_CARD);
    expect((await membershipOf(reader.id)).status).toBe("ACTIVE");
  });

  test("is charged nothing where nothing is overdue", async () => {
    const { reader, stripe, checkOut, hear } = await openShop(database.db);
    await checkOut(reader.id);
    await hear();
    const { url } = await openPortal(database.db, stripe, reader.id, { publicUrl: PUBLIC_URL });
    await postForm(url, {
      action: "card",
      number: GOOD_CARD,
      expiry: "12/34",
      cvc: "123",
      name: "Sam Reader",
    });
    await hear();
    expect((await stripe.charges.list()).data).toEqual([]);
    expect((await membershipOf(reader.id)).status).toBe("TRIALING");
  });
});

describe("a webhook", () => {
  const sign = async () => {
    const { stripe } = await openShop(database.db);
    const event = { id: "evt_1", object: "event", type: "unheard.of", livemode: false, data: { object: {} } };
    const rawBody = JSON.stringify(event);
    const header = (secret: string, timestamp?: number) =>
      stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret, ...(timestamp && { timestamp }) });
    return { stripe, rawBody, header };
  };
  const options = { secrets: ["whsec_old", WEBHOOK_SECRET], live: false };

  test("of a type that nobody knows is stored once and asks for nothing", async () => {
    const { stripe, rawBody, header } = await sign();
    const webhook = { rawBody, signature: header(WEBHOOK_SECRET) };
    expect(await recordStripeEvent(database.db, stripe, webhook, options)).toMatchObject({ isNew: true });
    expect(await recordStripeEvent(database.db, stripe, webhook, options)).toMatchObject({ isNew: false });
    expect(await listUnhandledEvents(database.db)).toEqual([{ id: "evt_1" }]);
  });

  test("signed with either of two secrets is taken while one is rotated", async () => {
    const { stripe, rawBody, header } = await sign();
    const webhook = { rawBody, signature: header("whsec_old") };
    expect(await recordStripeEvent(database.db, stripe, webhook, options)).toMatchObject({ isNew: true });
  });

  test.each<
    [string, (given: Awaited<ReturnType<typeof sign>>) => { rawBody: string; signature: string | null }]
  >([
    ["without a signature", ({ rawBody }) => ({ rawBody, signature: null })],
    ["with a wrong signature", ({ rawBody, header }) => ({ rawBody, signature: header("whsec_other") })],
    [
      "changed on the way",
      ({ rawBody, header }) => ({ rawBody: `${rawBody} `, signature: header(WEBHOOK_SECRET) }),
    ],
    [
      "recorded by somebody and sent again ten minutes later",
      ({ rawBody, header }) => ({
        rawBody,
        signature: header(WEBHOOK_SECRET, Math.floor(Date.now() / 1_000) - 600),
      }),
    ],
  ])("%s is refused and leaves nothing", async (_name, make) => {
    const given = await sign();
    const asked = recordStripeEvent(database.db, given.stripe, make(given), options);
    await expect(asked).rejects.toMatchObject({ code: "INVALID" });
    expect(await database.db.stripeEvent.count()).toBe(0);
  });

  test("of the other mode is refused", async () => {
    const { stripe, rawBody, header } = await sign();
    const webhook = { rawBody, signature: header(WEBHOOK_SECRET) };
    const asked = recordStripeEvent(database.db, stripe, webhook, { ...options, live: true });
    await expect(asked).rejects.toMatchObject({ code: "INVALID" });
  });

  test("that could not be followed up stays visible with its reason, and is done when Stripe is back", async () => {
    const { stripe, reader, checkOut, receive, events } = await openShop(database.db);
    await checkOut(reader.id);
    const [event] = (await events()).filter((each) => each.type === "customer.subscription.created");
    if (!event) throw new Error("The sandbox told nothing of the subscription.");
    const broken = Object.create(stripe, {
      subscriptions: {
        value: { list: () => ({ autoPagingToArray: () => Promise.reject(new Error("Stripe is away")) }) },
      },
    }) as Stripe;
    await expect(till(database.db, broken).receive(event)).rejects.toThrow("Stripe is away");
    expect(await database.db.stripeEvent.findUnique({ where: { id: event.id } })).toMatchObject({
      handledAt: null,
      error: "Stripe is away",
    });
    await receive(event);
    expect(await membershipOf(reader.id)).toMatchObject({ status: "TRIALING" });
    expect(await listUnhandledEvents(database.db)).toEqual([]);
  });
});

test("what lost webhooks left behind is repaired by reconciling", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db);
  const session = await checkOut(reader.id);
  expect(await reconcileMemberships(db, stripe, services)).toEqual({ checked: 1, changed: 1, failed: 0 });
  expect(await membershipOf(reader.id)).toMatchObject({ status: "TRIALING" });
  await stripe.subscriptions.cancel(String(session.subscription));
  await reconcileMemberships(db, stripe, services);
  expect(await membershipOf(reader.id)).toMatchObject({ status: "CANCELED" });
});

test("a stranger's subscription at Stripe makes nobody a member, also under a reader's address", async () => {
  const { db } = database;
  const { stripe, reader, receive } = await openShop(db);
  const customer = await stripe.customers.create({ email: reader.email });
  const event = {
    id: "evt_other",
    object: "event",
    type: "customer.updated",
    livemode: false,
    data: { object: customer },
  };
  await receive(event as unknown as Stripe.Event);
  expect(await db.membership.count()).toBe(0);
});

test("a comp outlives an ended subscription", async () => {
  const { db } = database;
  const { stripe, reader, checkOut, receiveAll } = await openShop(db);
  const session = await checkOut(reader.id);
  await stripe.subscriptions.cancel(String(session.subscription));
  await createMembership(db, reader.id, { source: "COMP", endsAt: null });
  await receiveAll();
  expect(await membershipOf(reader.id)).toMatchObject({ source: "COMP", status: "ACTIVE" });
});

test("who is erased is charged nothing more, and nobody else's subscription is touched", async () => {
  const { db } = database;
  const { stripe, reader, checkOut } = await openShop(db);
  const other = await createSubscriber(db);
  const gone = await checkOut(reader.id);
  const stays = await checkOut(other.id);
  expect(await cancelAtOnce(db, stripe, reader.id)).toBe(1);
  expect(await cancelAtOnce(db, stripe, reader.id)).toBe(0);
  const statusOf = async (session: Stripe.Checkout.Session) =>
    (await stripe.subscriptions.retrieve(String(session.subscription))).status;
  expect([await statusOf(gone), await statusOf(stays)]).toEqual(["canceled", "trialing"]);
});
