import type Stripe from "stripe";
import { beforeEach, describe, expect, test } from "vitest";
import { createIssue, createMembership, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { openSandbox, pay, START, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { grantComp } from "./comp";
import { memberStateOf } from "./figures";
import { CHURN_DAYS, CONVERSION_DAYS, listMembers, readFigures } from "./figures-queries";
import { handleStripeEvent } from "./handle-stripe-event";
import { getReconciliationState, runReconciliation } from "./reconciliations";
import { recordStripeEvent } from "./record-stripe-event";
import { startCheckout } from "./start-checkout";
import { readTimeline } from "./timeline";

const database = useTestDatabase({ emptyEachTime: true });
const DAY = 86_400;
const RENEWAL_FAILS = "4000000000000341";
const publicUrl = "https://gazette.example.com";

/** A publication that sells at a Stripe of its own, whose clock tells the time to both sides. */
async function openTill() {
  const { db } = database;
  await createPublication(db);
  const { stripe, advance } = await openSandbox();
  let now = START;
  const join = async (card?: string) => {
    const { id } = await createSubscriber(db);
    const session = await startCheckout(
      db,
      stripe,
      { subscriberId: id, issueSlug: null },
      { now, publicUrl },
    );
    await pay(session, card);
    return id;
  };
  const customerOf = async (id: string) =>
    (await db.subscriber.findUniqueOrThrow({ where: { id } })).stripeCustomerId ?? "";
  const subscriptionOf = async (id: string) => {
    const customer = await customerOf(id);
    const [subscription] = (await stripe.subscriptions.list({ customer, status: "all" })).data;
    if (!subscription) throw new Error("There is no subscription.");
    return subscription;
  };
  return {
    stripe,
    join,
    customerOf,
    subscriptionOf,
    time: () => now,
    async toDay(day: number) {
      const target = START.getTime() + day * DAY * 1_000;
      await advance({ to: new Date(target).toISOString() });
      now = new Date(target);
    },
    async hear() {
      const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
      for (const event of events.reverse()) {
        const rawBody = JSON.stringify(event);
        const signature = stripe.webhooks.generateTestHeaderString({
          payload: rawBody,
          secret: WEBHOOK_SECRET,
        });
        const options = { secrets: [WEBHOOK_SECRET], live: false };
        const { eventId } = await recordStripeEvent(db, stripe, { rawBody, signature }, options);
        await handleStripeEvent(db, stripe, eventId, { now, publicUrl });
      }
    },
    reconcile: () => runReconciliation(db, stripe, { now, publicUrl }),
  };
}

type Till = Awaited<ReturnType<typeof openTill>>;

/** Months of a small publication: who stays, cancels, fails, is refunded, pays yearly, reads for free. */
async function liveThrough(till: Till) {
  const { stripe } = till;
  const [stays, cancelsTrial, cancelsLater, leaves] = [
    await till.join(),
    await till.join(),
    await till.join(),
    await till.join(),
  ];
  const yearly = await joinYearly(till);
  await stripe.subscriptions.update((await till.subscriptionOf(cancelsTrial)).id, {
    cancel_at_period_end: true,
  });
  await till.hear();
  await till.toDay(20);
  await till.hear();
  const [charge] = (await stripe.charges.list({ customer: await till.customerOf(leaves) })).data;
  await stripe.refunds.create({ charge: charge?.id ?? "", amount: 125, reason: "requested_by_customer" });
  await stripe.subscriptions.cancel((await till.subscriptionOf(leaves)).id);
  await till.toDay(30);
  const fails = await till.join(RENEWAL_FAILS);
  await till.toDay(38.5);
  await stripe.subscriptions.update((await till.subscriptionOf(cancelsLater)).id, {
    cancel_at_period_end: true,
  });
  const trial = await till.join();
  const guest = (await createSubscriber(database.db)).id;
  await grantComp(
    database.db,
    { subscriberId: guest, endsAt: null, reason: "Proofreads" },
    { now: till.time() },
  );
  await till.hear();
  return { stays, cancelsTrial, cancelsLater, leaves, yearly, fails, trial, guest };
}

async function joinYearly({ stripe }: Till): Promise<string> {
  const { id, email } = await createSubscriber(database.db);
  const customer = await stripe.customers.create({ email, metadata: { subscriberId: id } });
  await database.db.subscriber.update({ where: { id }, data: { stripeCustomerId: customer.id } });
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount: 3_100,
    recurring: { interval: "year" },
    product_data: { name: "A year" },
  });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    subscription_data: { metadata: { subscriberId: id } },
    success_url: "http://127.0.0.1:9/done",
  });
  await pay(session);
  return id;
}

/** The same figures, added up from nothing but what Stripe holds. */
async function figuresAtStripe({ stripe, time }: Till) {
  const [now, subscriptions, open, paid] = [
    time().getTime() / 1_000,
    await stripe.subscriptions.list({ status: "all", limit: 100 }).autoPagingToArray({ limit: 1_000 }),
    await stripe.invoices.list({ status: "open", limit: 100 }).autoPagingToArray({ limit: 1_000 }),
    await stripe.invoices.list({ status: "paid", limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  ];
  const paidOf = ({ id }: Stripe.Subscription) =>
    paid.filter(
      ({ parent, amount_paid }) => parent?.subscription_details?.subscription === id && amount_paid > 0,
    );
  const firstPaid = (each: Stripe.Subscription) => Math.min(...paidOf(each).map(({ created }) => created));
  const recurring = subscriptions.filter(
    ({ status, cancel_at_period_end }) =>
      (status === "active" || status === "past_due") && !cancel_at_period_end,
  );
  const ofYear = recurring.reduce((sum, { items }) => {
    const price = items.data[0]?.price;
    return sum + (price?.unit_amount ?? 0) * (price?.recurring?.interval === "year" ? 1 : 12);
  }, 0);
  const trialsEnded = subscriptions.filter(
    ({ trial_end }) => trial_end !== null && trial_end <= now && trial_end > now - CONVERSION_DAYS * DAY,
  );
  const from = now - CHURN_DAYS * DAY;
  const payingThen = subscriptions.filter(
    (each) => firstPaid(each) <= from && (each.ended_at === null || each.ended_at > from),
  );
  return {
    trials: subscriptions.filter(
      ({ status, cancel_at_period_end }) => status === "trialing" && !cancel_at_period_end,
    ).length,
    monthly: [{ currency: "usd", amountCents: Math.round(ofYear / 12) }],
    conversion: {
      part: trialsEnded.filter((each) => paidOf(each).length > 0).length,
      whole: trialsEnded.length,
    },
    churn: { part: payingThen.filter(({ ended_at }) => ended_at !== null).length, whole: payingThen.length },
    due: open.reduce((sum, { amount_remaining }) => sum + amount_remaining, 0),
  };
}

async function figuresHere({ time }: Till) {
  const { states, monthly, conversion, churn, due } = await readFigures(database.db, { now: time() });
  const sum = due.reduce((total, { amountCents }) => total + amountCents, 0);
  return { trials: states.trial, monthly, conversion, churn, due: sum };
}

test("the figures agree with Stripe to the cent, by webhooks, by reconciling, and after webhooks that were lost", async () => {
  const till = await openTill();
  const who = await liveThrough(till);
  const { db } = database;
  const here = await figuresHere(till);
  expect(here).toEqual(await figuresAtStripe(till));
  expect(here).toEqual({
    trials: 1,
    monthly: [{ currency: "usd", amountCents: 858 }],
    conversion: { part: 3, whole: 5 },
    churn: { part: 1, whole: 1 + 3 },
    due: 300,
  });
  const stateOf = async (id: string) =>
    memberStateOf(await db.membership.findUniqueOrThrow({ where: { subscriberId: id } }), till.time());
  expect(
    Object.fromEntries(
      await Promise.all(Object.entries(who).map(async ([name, id]) => [name, await stateOf(id)])),
    ),
  ).toEqual({
    stays: "paid",
    cancelsTrial: "ended",
    cancelsLater: "cancelling",
    leaves: "ended",
    yearly: "paid",
    fails: "past-due",
    trial: "trial",
    guest: "guest",
  });
  const { failed } = await readFigures(db, { now: till.time() });
  expect(failed).toMatchObject([
    {
      subscriberId: who.fails,
      due: { amountCents: 300, currency: "usd" },
      graceEndsAt: expect.any(Date),
    },
  ]);

  expect(await till.reconcile()).toMatchObject({ changed: 0, failed: 0 });
  await till.stripe.subscriptions.cancel((await till.subscriptionOf(who.stays)).id);
  await till.toDay(38.6);
  expect(await till.reconcile()).toMatchObject({ changed: 1, failed: 0 });
  expect(await figuresHere(till)).toEqual(await figuresAtStripe(till));
  expect(await getReconciliationState(db, { now: till.time() })).toMatchObject({
    open: null,
    last: { changed: 1, failed: 0, error: null, finishedAt: expect.any(Date) },
  });
  const timeline = await readTimeline(db, who.stays);
  expect(timeline.moments.filter(({ kind }) => kind === "change")).toMatchObject([
    { cause: "RECONCILE", change: { after: { status: "CANCELED" } } },
  ]);
});

test("money that came and went is here as it is at Stripe, in the timeline of whom it belongs to", async () => {
  const till = await openTill();
  const who = await liveThrough(till);
  const { db } = database;
  const charges = await till.stripe.charges.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const sum = async (where: { kind: "CHARGE" | "REFUND"; status: string }) =>
    (await db.payment.aggregate({ where, _sum: { amountCents: true } }))._sum.amountCents ?? 0;
  const atStripe = (status: string) =>
    charges.filter((charge) => charge.status === status).reduce((total, charge) => total + charge.amount, 0);
  for (const status of ["succeeded", "failed"])
    expect(await sum({ kind: "CHARGE", status })).toBe(atStripe(status));
  expect(await sum({ kind: "CHARGE", status: "failed" })).toBeGreaterThan(0);
  expect(await sum({ kind: "REFUND", status: "succeeded" })).toBe(125);

  const { moments } = await readTimeline(db, who.leaves);
  expect(moments).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "payment", what: "CHARGE", status: "succeeded", amountCents: 300 }),
      expect.objectContaining({
        kind: "payment",
        what: "REFUND",
        amountCents: 125,
        reason: "requested_by_customer",
      }),
      expect.objectContaining({ kind: "notice", notice: "trial-started" }),
      expect.objectContaining({
        kind: "event",
        handled: true,
        change: expect.objectContaining({ after: expect.objectContaining({ status: "CANCELED" }) }),
      }),
    ]),
  );
  const later = (await readTimeline(db, who.cancelsLater)).moments;
  expect(later).toContainEqual(
    expect.objectContaining({
      change: expect.objectContaining({
        reason: "cancellation_requested",
        after: expect.objectContaining({ cancelAtPeriodEnd: true }),
      }),
    }),
  );
  expect((await readTimeline(db, who.guest)).moments).toMatchObject([
    { kind: "change", cause: "AUTHOR", change: { before: null, reason: "Proofreads" } },
  ]);
});

describe("the list of members", () => {
  const now = new Date("2026-06-15T12:00:00Z");
  const day = (offset: number) => new Date(now.getTime() + offset * DAY * 1_000);

  beforeEach(async () => {
    const { db } = database;
    await createPublication(db);
    for (let index = 1; index <= 5; index += 1) {
      const { id } = await createSubscriber(db, { email: `guest${index}@example.com` });
      await createMembership(db, id, { startedAt: day(-index) });
    }
    const ada = await createSubscriber(db, { email: "ada@example.org", name: "Ada 100%" });
    await createMembership(db, ada.id, {
      source: "STRIPE",
      startedAt: day(-9),
      currentPeriodEndsAt: day(21),
      amountCents: 3_000,
      currency: "usd",
      intervalMonths: 12,
    });
    await createSubscriber(db, { email: "reads@example.org" });
  });

  const list = (filter: Parameters<typeof listMembers>[1]) => listMembers(database.db, filter, { now });
  const emails = async (filter: Parameters<typeof listMembers>[1]) =>
    (await list(filter)).rows.map(({ email }) => email);

  test("shows who changed last first, with price and next charge, and nobody without a membership", async () => {
    const found = await list({});
    expect(found).toMatchObject({ total: 6, page: 1, pageCount: 1, counts: { guest: 5, paid: 1, trial: 0 } });
    expect(found.rows.at(0)?.email).toBe("guest1@example.com");
    expect(found.rows.at(-1)).toMatchObject({
      email: "ada@example.org",
      since: day(-9),
      nextChargeAt: day(21),
      price: { amountCents: 3_000, currency: "usd", intervalMonths: 12 },
    });
  });

  test("counts what the search finds, in every state, while it shows one", async () => {
    expect(await list({ search: "EXAMPLE.com", state: "paid" })).toMatchObject({
      rows: [],
      total: 0,
      counts: { guest: 5, paid: 0 },
    });
    expect(await emails({ search: "100%" })).toEqual(["ada@example.org"]);
    expect(await emails({ search: "guest_" })).toEqual([]);
  });

  test.each([
    [1, ["guest1@example.com", "guest2@example.com", "guest3@example.com", "guest4@example.com"]],
    [2, ["guest5@example.com", "ada@example.org"]],
    [99, ["guest5@example.com", "ada@example.org"]],
    [Number.NaN, ["guest1@example.com", "guest2@example.com", "guest3@example.com", "guest4@example.com"]],
  ])("page %s of four rows each", async (page, expected) => {
    expect(await emails({ page, pageSize: 4 })).toEqual(expected);
  });
});

test("a person's mail is issues and notices together, newest first, page by page, and nobody else's", async () => {
  const { db } = database;
  const [one, other] = [await createSubscriber(db), await createSubscriber(db)];
  const at = (number: number) => new Date(Date.UTC(2026, 0, number));
  const issue = await createIssue(db, { title: "The issue" });
  await db.delivery.createMany({
    data: [one, other].map((who) => ({
      issueId: issue.id,
      subscriberId: who.id,
      messageId: `${who.id}@test`,
      state: "FAILED" as const,
      variant: "TEASER" as const,
      reply: "550 no such mailbox",
      createdAt: at(29),
      nextAttemptAt: at(30),
    })),
  });
  await db.notice.createMany({
    data: Array.from({ length: 60 }, (_, index) => ({
      kind: "sign-in-code",
      dedupeKey: `code:${index}`,
      messageId: `${index}@test`,
      subscriberId: one.id,
      email: one.email,
      data: {},
      state: "SENT" as const,
      createdAt: at(1),
      sentAt: new Date(at(1).getTime() + index * 1_000),
    })),
  });
  const first = await readTimeline(db, one.id);
  expect(first).toMatchObject({ total: 61, page: 1, pageCount: 2 });
  expect(first.moments[0]).toMatchObject({
    kind: "issue",
    title: "The issue",
    issueId: issue.id,
    variant: "TEASER",
    state: "FAILED",
    reply: "550 no such mailbox",
    at: at(30),
  });
  const second = await readTimeline(db, one.id, { page: 2 });
  expect(second.moments).toHaveLength(11);
  expect(second.moments.at(-1)?.at).toEqual(at(1));
  expect(await readTimeline(db, other.id)).toMatchObject({ total: 1, moments: [{ kind: "issue" }] });
});
