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

const DAY = 86_400;

async function openPortal(sandbox: TestSandbox, number = GOOD_CARD) {
  const { subscription, customer } = await startTrial(sandbox, number);
  const { url } = await sandbox.stripe.billingPortal.sessions.create({
    customer,
    return_url: "http://127.0.0.1:9/account",
  });
  const read = () => sandbox.stripe.subscriptions.retrieve(subscription.id);
  return { url, subscription, customer, read };
}

test("the portal shows plan, state, next charge, card, invoices and the way back", async () => {
  const { url } = await openPortal(await openSandbox());
  const page = await (await fetch(url)).text();
  for (const words of [
    "The Weekly, $3.00 per month",
    "in trial",
    "January 12, 2026",
    "Visa ending in 4242",
    "-0001",
  ]) {
    expect(page).toContain(words);
  }
  expect(page).toContain('href="http://127.0.0.1:9/account"');
});

test("a cancelled trial is never charged, and ends when it would have turned paid", async () => {
  const sandbox = await openSandbox();
  const { url, subscription, read } = await openPortal(sandbox);
  for (const _twice of [1, 2]) await postForm(url, { action: "cancel", subscription: subscription.id });
  expect(await read()).toMatchObject({
    status: "trialing",
    cancel_at_period_end: true,
    cancel_at: subscription.trial_end,
    cancellation_details: { reason: "cancellation_requested" },
  });
  const { data } = await sandbox.stripe.events.list({ type: "customer.subscription.updated" });
  expect(data).toHaveLength(1);
  expect(data[0]?.data.previous_attributes).toMatchObject({ cancel_at_period_end: false });
  await sandbox.advance({ seconds: 8 * DAY });
  expect(await read()).toMatchObject({ status: "canceled", ended_at: subscription.trial_end });
  expect((await sandbox.stripe.invoices.list()).data.map(({ total }) => total)).toEqual([0]);
});

test("a cancellation can be undone", async () => {
  const { url, subscription, read } = await openPortal(await openSandbox());
  await postForm(url, { action: "cancel", subscription: subscription.id });
  await postForm(url, { action: "keep", subscription: subscription.id });
  expect(await read()).toMatchObject({ cancel_at_period_end: false, cancel_at: null, canceled_at: null });
});

test("a new card pays what the old one did not", async () => {
  const sandbox = await openSandbox();
  const { url, customer, read } = await openPortal(sandbox, "4000000000000341");
  await sandbox.advance({ seconds: 7 * DAY + 7_200 });
  expect((await read()).status).toBe("past_due");
  const portal = await sandbox.stripe.billingPortal.sessions.create({ customer });
  const card = {
    action: "card",
    number: "4000000000000002",
    expiry: "12/34",
    cvc: "123",
    name: "Sam Reader",
  };
  expect((await fetch(url)).status).toBe(410);
  expect((await postForm(portal.url, card)).status).toBe(422);
  expect((await postForm(portal.url, { ...card, number: "5555555555554444" })).status).toBe(303);
  expect((await read()).status).toBe("past_due");
  await sandbox.advance({ seconds: 3 * DAY });
  expect((await read()).status).toBe("active");
  const { data } = await sandbox.stripe.invoices.list({ status: "paid", expand: ["data.payments"] });
  expect(data[0]).toMatchObject({ total: 300, attempt_count: 2 });
});

test("an open invoice can be paid on its own page", async () => {
  const sandbox = await openSandbox();
  const session = await createSession(sandbox.stripe);
  await pay(session, "4000002760003184");
  await postForm(`${session.url}/authenticate`, { outcome: "complete" });
  await sandbox.advance({ seconds: 7 * DAY + 7_200 });
  const { data } = await sandbox.stripe.events.list({ type: "invoice.payment_action_required" });
  expect(data).toHaveLength(1);
  const [invoice] = (await sandbox.stripe.invoices.list({ status: "open" })).data;
  const asked = await postForm(invoice?.hosted_invoice_url ?? "", {});
  expect(asked.headers.get("location")).toBe(`/i/${invoice?.id}/authenticate`);
  const answer = (outcome: string) => postForm(`${invoice?.hosted_invoice_url}/authenticate`, { outcome });
  expect((await answer("fail")).status).toBe(422);
  expect((await sandbox.stripe.subscriptions.list()).data[0]?.status).toBe("past_due");
  expect((await answer("complete")).status).toBe(303);
  const [subscription] = (await sandbox.stripe.subscriptions.list()).data;
  expect(subscription?.status).toBe("active");
});

test("a new card that asks for authentication is used only when its holder passes", async () => {
  const sandbox = await openSandbox();
  const { url, subscription, read } = await openPortal(sandbox);
  const card = { action: "card", number: "4000002500003155", expiry: "12/34", cvc: "123", name: "Sam" };
  const answer = (outcome: string) => postForm(`${url}/authenticate`, { outcome });
  const former = subscription.default_payment_method;
  expect((await postForm(url, card)).headers.get("location")).toMatch(/\/authenticate$/);
  expect(await (await fetch(`${url}/authenticate`)).text()).toContain("Complete authentication");
  expect((await answer("fail")).status).toBe(422);
  expect((await read()).default_payment_method).toBe(former);
  expect((await answer("complete")).status).toBe(303);
  expect((await read()).default_payment_method).toBe(former);
  await postForm(url, card);
  await answer("complete");
  const changed = await read();
  expect(changed.default_payment_method).not.toBe(former);
  expect(await (await fetch(url)).text()).toContain("ending in 3155");
});

test("nobody reaches another customer's subscription", async () => {
  const sandbox = await openSandbox();
  const mine = await openPortal(sandbox);
  const theirs = await openPortal(sandbox);
  expect((await postForm(mine.url, { action: "cancel", subscription: theirs.subscription.id })).status).toBe(
    400,
  );
  expect((await theirs.read()).cancel_at_period_end).toBe(false);
});
