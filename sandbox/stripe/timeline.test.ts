import { expect, test } from "vitest";
import { addIntervals, nextPeriodEnd } from "./calendar";
import {
  createSession,
  GOOD_CARD,
  listenForWebhooks,
  openSandbox,
  postForm,
  postJson,
  startTrial,
} from "./test-stripe";

const DAY = 86_400;
const unix = (iso: string) => Date.parse(iso) / 1_000;
const iso = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 10);

test.each([
  ["month", 1, ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]],
  ["month", 3, ["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]],
  ["week", 2, ["2026-02-14", "2026-02-28", "2026-03-14", "2026-03-28"]],
  ["day", 10, ["2026-02-10", "2026-02-20", "2026-03-02", "2026-03-12"]],
  ["year", 1, ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]],
] as const)(
  "periods of a price by the %s, %i at a time, keep their day",
  (interval, interval_count, expected) => {
    const anchor = unix("2026-01-31T10:00:00Z");
    const every = { interval, interval_count };
    let end = anchor;
    const ends = expected.map(() => {
      end = nextPeriodEnd(anchor, every, end);
      return iso(end);
    });
    expect(ends).toEqual(expected);
    expect(addIntervals(anchor, every, 4)).toBe(end);
  },
);

test("renewals keep the day of the month over months that lack it", async () => {
  const sandbox = await openSandbox({ now: new Date("2026-01-31T10:00:00Z") });
  await startTrial(sandbox, GOOD_CARD, { subscription_data: {} });
  await sandbox.advance({ to: "2026-06-01T00:00:00Z" });
  const { data } = await sandbox.stripe.invoices.list();
  expect(data.map((invoice) => [iso(invoice.created), invoice.status])).toEqual([
    ["2026-05-31", "paid"],
    ["2026-04-30", "paid"],
    ["2026-03-31", "paid"],
    ["2026-02-28", "paid"],
    ["2026-01-31", "paid"],
  ]);
  const period = data[0]?.lines.data[0]?.period;
  expect([iso(period?.start ?? 0), iso(period?.end ?? 0)]).toEqual(["2026-05-31", "2026-06-30"]);
});

test("events of one move carry the moments at which they would have happened", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox);
  await sandbox.advance({ seconds: 40 * DAY });
  const trialEnd = subscription.trial_end ?? 0;
  const { data } = await sandbox.stripe.events.list({
    types: ["customer.subscription.trial_will_end", "invoice.paid"],
  });
  expect(data.map(({ type, created }) => [type, created - trialEnd])).toEqual([
    ["invoice.paid", 31 * DAY + 3_600],
    ["invoice.paid", 3_600],
    ["customer.subscription.trial_will_end", -3 * DAY],
    ["invoice.paid", -7 * DAY],
  ]);
});

test("whoever asks during a move sees the world of that moment", async () => {
  const seen: unknown[] = [];
  const { createServer } = await import("node:http");
  const sandboxes: Awaited<ReturnType<typeof openSandbox>>[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const [sandbox] = sandboxes;
    if (!sandbox) return response.end();
    sandbox.stripe.subscriptions
      .list({ status: "all" })
      .then(({ data }) => seen.push(data[0]?.status))
      .finally(() => response.end());
    return undefined;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const sandbox = await openSandbox({ webhookUrl: `http://127.0.0.1:${port}/` });
  await startTrial(sandbox, "4000000000000341");
  sandboxes.push(sandbox);
  await sandbox.advance({ seconds: 30 * DAY });
  expect([...new Set(seen)]).toEqual(["trialing", "active", "past_due", "canceled"]);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

test("a trial shorter than the notice is told of at its beginning", async () => {
  const sandbox = await openSandbox();
  await startTrial(sandbox, GOOD_CARD, { subscription_data: { trial_period_days: 2 } });
  await sandbox.advance({ seconds: 1 });
  expect(
    (await sandbox.stripe.events.list({ type: "customer.subscription.trial_will_end" })).data,
  ).toHaveLength(1);
});

test("what comes due as real time passes happens by itself", async () => {
  const webhooks = await listenForWebhooks();
  const sandbox = await openSandbox({ webhookUrl: webhooks.url });
  await startTrial(sandbox, GOOD_CARD, { subscription_data: { trial_period_days: 2 } });
  await expect.poll(webhooks.types, { timeout: 4_000 }).toContain("customer.subscription.trial_will_end");
});

test("a trial that is ended now is charged now", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox);
  const now = await sandbox.stripe.subscriptions.update(subscription.id, {
    trial_end: "now",
    expand: ["latest_invoice"],
  });
  expect(now).toMatchObject({ status: "active", latest_invoice: { status: "paid", total: 300 } });
  expect(iso(now.items.data[0]?.current_period_end ?? 0)).toBe("2026-02-05");
});

test("a trial can be moved, and is charged at its new end", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox);
  await sandbox.stripe.subscriptions.update(subscription.id, { trial_end: unix("2026-02-01T00:00:00Z") });
  await sandbox.advance({ to: "2026-01-31T00:00:00Z" });
  expect((await sandbox.stripe.invoices.list()).data).toHaveLength(1);
  await sandbox.advance({ to: "2026-02-01T02:00:00Z" });
  expect((await sandbox.stripe.invoices.list()).data[0]).toMatchObject({ status: "paid", total: 300 });
});

test("a paused subscription goes on when it is resumed with a card", async () => {
  const sandbox = await openSandbox();
  const { subscription, customer } = await startTrial(sandbox, GOOD_CARD, {
    payment_method_collection: "if_required",
    subscription_data: {
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    },
  });
  await sandbox.advance({ seconds: 8 * DAY });
  const portal = await sandbox.stripe.billingPortal.sessions.create({ customer });
  await postForm(portal.url, { action: "card", number: GOOD_CARD, expiry: "12/34", cvc: "123", name: "Sam" });
  const resumed = await sandbox.stripe.subscriptions.resume(subscription.id, { expand: ["latest_invoice"] });
  expect(resumed).toMatchObject({ status: "active", latest_invoice: { status: "paid", total: 300 } });
});

test("a cancelled subscription can be changed no more", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox);
  const { stripe } = sandbox;
  await stripe.subscriptions.cancel(subscription.id);
  await expect(stripe.subscriptions.cancel(subscription.id)).rejects.toMatchObject({
    code: "resource_missing",
  });
  await expect(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })).rejects.toThrow(
    "canceled",
  );
  await stripe.subscriptions.update(subscription.id, { metadata: { note: "kept" } });
  await sandbox.advance({ seconds: 60 * DAY });
  expect((await stripe.invoices.list()).data).toHaveLength(1);
});

test.each([
  [{ to: "2020-01-01T00:00:00Z" }, "only goes forward"],
  [{ to: "tomorrow" }, "Send {"],
  [{ seconds: -5 }, "Send {"],
  [{ seconds: 1e12 }, "ten years"],
  [{}, "Send {"],
])("the clock refuses %j and says what it wants", async (move, words) => {
  const { url } = await openSandbox();
  const response = await postJson(`${url}/_sandbox/clock/advance`, move);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(words);
});

test("the dashboard moves the clock, shows what happened and forgets everything", async () => {
  const sandbox = await openSandbox();
  await startTrial(sandbox);
  await createSession(sandbox.stripe);
  for (const action of ["hour", "day", "days3", "days7", "month"]) await postForm(sandbox.url, { action });
  await postForm(sandbox.url, { action: "to", to: "2026-03-15T12:00" });
  const page = await (await fetch(sandbox.url)).text();
  for (const words of ["2026-03-15 12:00 UTC", "reader@example.com", "invoice.paid", "4000 0000 0000 0341"]) {
    expect(page).toContain(words);
  }
  expect((await postForm(sandbox.url, { action: "to", to: "2026-01-01T00:00" })).status).toBe(422);
  await postForm(sandbox.url, { action: "reset" });
  const state = await (await fetch(`${sandbox.url}/_sandbox/state`)).json();
  expect(state).toMatchObject({ customers: [], events: [], now: expect.stringContaining("2026-03-15") });
});
