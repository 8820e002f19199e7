import { expect, test } from "vitest";
import {
  createPrice,
  createSession,
  GOOD_CARD,
  listenForWebhooks,
  openSandbox,
  pay,
  postForm,
  startTrial,
} from "../test-stripe";

const PAID_AT_ONCE = { subscription_data: {} };
const LATER = 24 * 3_600;

test("the page tells the trial, the price and the day of the first charge", async () => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  const page = await (await fetch(session.url ?? "")).text();
  expect(page).toContain("The Weekly");
  expect(page).toContain("7 days free");
  expect(page).toMatch(/then \$3\.00 per month starting <time[^>]*>January 12, 2026/);
  expect(page).toContain('value="4242 4242 4242 4242"');
  expect(page).toContain('href="http://127.0.0.1:9/join"');
});

test("names are text on the page, never markup", async () => {
  const { stripe } = await openSandbox();
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount: 300,
    recurring: { interval: "month" },
    product_data: { name: "<script>alert(1)</script>" },
  });
  const session = await createSession(stripe, { line_items: [{ price: price.id }] });
  expect(await (await fetch(session.url ?? "")).text()).not.toContain("<script>");
});

test("paying leads to the app, with the session's id in its address", async () => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  const response = await pay(session);
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toBe(`http://127.0.0.1:9/done?session=${session.id}`);
});

test("the app has heard of the payment when the reader comes back", async () => {
  const webhooks = await listenForWebhooks();
  const { stripe } = await openSandbox({ webhookUrl: webhooks.url });
  await pay(await createSession(stripe));
  expect(webhooks.types()).toContain("checkout.session.completed");
});

test("a session without a trial charges at once", async () => {
  const sandbox = await openSandbox();
  const { session, subscription } = await startTrial(sandbox, GOOD_CARD, PAID_AT_ONCE);
  expect(session).toMatchObject({ payment_status: "paid", amount_total: 300 });
  expect(subscription).toMatchObject({ status: "active", trial_end: null });
  const { data } = await sandbox.stripe.invoices.list({ expand: ["data.payments"] });
  expect(data).toMatchObject([
    { status: "paid", amount_paid: 300, parent: { subscription_details: { subscription: subscription.id } } },
  ]);
  expect(data[0]?.payments?.data).toMatchObject([{ status: "paid", amount_paid: 300 }]);
});

test("the customer that the app named is the one who subscribes", async () => {
  const sandbox = await openSandbox();
  const known = await sandbox.stripe.customers.create({ email: "known@example.com" });
  const { customer, session } = await startTrial(sandbox, GOOD_CARD, { customer: known.id });
  expect(customer).toBe(known.id);
  expect(session.customer_details?.email).toBe("known@example.com");
  expect((await sandbox.stripe.customers.list()).data).toHaveLength(1);
});

test.each([
  ["a declined card", "4000000000000002", "Your card was declined."],
  ["a card without funds", "4000000000009995", "Your card has insufficient funds."],
  ["a real card", "4111111111111111", "Only the test card numbers work here"],
  ["half a card number", "4242", "The card number is not complete."],
])("%s is refused, and the session stays open", async (_name, number, words) => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  const response = await pay(session, number);
  expect(response.status).toBe(422);
  expect(await response.text()).toContain(words);
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
  expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
});

test.each([
  [{ expiry: "13 / 34" }, "Write the expiry"],
  [{ expiry: "12 / 25" }, "The card has expired."],
  [{ cvc: "1" }, "three or four digits"],
  [{ name: "" }, "Write the name"],
  [{ email: "nobody" }, "Write your e-mail address."],
])("the entry %j is refused with what to write, and the rest is kept", async (entry, words) => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  const good = {
    email: "kept@example.com",
    number: GOOD_CARD,
    expiry: "12/34",
    cvc: "123",
    name: "Kept Reader",
  };
  const page = await (await postForm(session.url ?? "", { ...good, ...entry })).text();
  expect(page).toContain(words);
  expect(page).toContain("email" in entry ? "Kept Reader" : "kept@example.com");
});

test("a card that fails on its first charge is refused where there is no trial", async () => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe, PAID_AT_ONCE);
  expect((await pay(session, "4000000000000341")).status).toBe(422);
  const { data } = await stripe.events.list({ types: ["charge.failed", "payment_intent.payment_failed"] });
  expect(data).toHaveLength(2);
  expect((await pay(session)).status).toBe(303);
});

test("a card that asks for authentication waits for its holder", async () => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  const answer = (outcome: string) => postForm(`${session.url}/authenticate`, { outcome });
  expect((await pay(session, "4000002500003155")).headers.get("location")).toBe(
    `/c/pay/${session.id}/authenticate`,
  );
  expect(await (await fetch(`${session.url}/authenticate`)).text()).toContain("Complete authentication");
  const failed = await answer("fail");
  expect([failed.status, await failed.text()]).toEqual([
    422,
    expect.stringContaining("unable to authenticate"),
  ]);
  await pay(session, "4000002500003155");
  expect((await answer("complete")).headers.get("location")).toContain(session.id);
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("complete");
});

test("a complete session cannot be paid again", async () => {
  const { stripe } = await openSandbox();
  const session = await createSession(stripe);
  await Promise.all([pay(session), pay(session)]);
  const page = await fetch(session.url ?? "");
  expect([page.status, await page.text()]).toEqual([410, expect.stringContaining("complete")]);
  expect((await stripe.subscriptions.list()).data).toHaveLength(1);
});

test("a session expires after 24 hours, or when the app says so", async () => {
  const { stripe, advance } = await openSandbox();
  const [one, two] = [await createSession(stripe), await createSession(stripe)];
  await stripe.checkout.sessions.expire(one.id);
  await expect(stripe.checkout.sessions.expire(one.id)).rejects.toThrow("expired");
  await advance({ seconds: LATER + 1 });
  for (const session of [one, two]) {
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "expired",
      url: null,
    });
    const page = await pay(session);
    expect([page.status, await page.text()]).toEqual([410, expect.stringContaining("expired")]);
  }
  expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(2);
});

test.each([
  ["cancel", "canceled"],
  ["pause", "paused"],
  ["create_invoice", "past_due"],
] as const)(
  "a trial without a card ends as the app chose: %s gives %s",
  async (missing_payment_method, status) => {
    const sandbox = await openSandbox();
    const { subscription } = await startTrial(sandbox, GOOD_CARD, {
      payment_method_collection: "if_required",
      subscription_data: {
        trial_period_days: 7,
        trial_settings: { end_behavior: { missing_payment_method } },
      },
    });
    expect(subscription.default_payment_method).toBeNull();
    await sandbox.advance({ seconds: 7 * LATER + 7_200 });
    expect((await sandbox.stripe.subscriptions.retrieve(subscription.id)).status).toBe(status);
  },
);

test("a yearly price is charged by the year", async () => {
  const sandbox = await openSandbox();
  const price = await createPrice(sandbox.stripe, { interval: "year" });
  const { subscription } = await startTrial(sandbox, GOOD_CARD, {
    ...PAID_AT_ONCE,
    line_items: [{ price: price.id }],
  });
  const end = new Date((subscription.items.data[0]?.current_period_end ?? 0) * 1_000);
  expect(end.toISOString().slice(0, 10)).toBe("2027-01-05");
});
