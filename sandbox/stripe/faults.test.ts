import { expect, test } from "vitest";
import { DECLINES } from "./cards";
import { createSession, openSandbox, pay, postJson, startTrial } from "./test-stripe";

test.each([
  ["busy", { statusCode: 429, type: "StripeRateLimitError" }],
  ["failing", { statusCode: 500, type: "StripeAPIError" }],
  ["hidden", { type: "StripeAPIError" }],
  ["down", { type: "StripeConnectionError" }],
] as const)("%s: calls fail as the package knows them, and change nothing", async (trouble, expected) => {
  const { stripe, trouble: make, endTrouble } = await openSandbox();
  await make({ trouble });
  await expect(stripe.customers.create({})).rejects.toMatchObject(expected);
  await endTrouble();
  expect((await stripe.customers.list()).data).toEqual([]);
});

test("a lost answer leaves what was done, and the same key finds it", async () => {
  const { stripe, trouble } = await openSandbox();
  // The package itself tries once more when a connection breaks.
  await trouble({ trouble: "cut", call: "POST /v1/customers", times: 2 });
  const create = () => stripe.customers.create({}, { idempotencyKey: "once" });
  await expect(create()).rejects.toMatchObject({ type: "StripeConnectionError" });
  const { id } = await create();
  expect((await stripe.customers.list()).data.map((customer) => customer.id)).toEqual([id]);
});

test("a call that hangs is given up by the client, and holds nobody else up", async () => {
  const { stripe, trouble } = await openSandbox();
  await trouble({ trouble: "hang", call: "GET /v1/products" });
  await expect(stripe.products.list({}, { timeout: 50 })).rejects.toMatchObject({
    type: "StripeConnectionError",
  });
  expect((await stripe.prices.list()).data).toEqual([]);
});

test("a fault strikes the calls that it names, after so many, so many times", async () => {
  const { url, stripe, trouble } = await openSandbox();
  await trouble({ trouble: "failing", call: "GET /v1/customers/*", after: 1, times: 2 });
  const { id } = await stripe.customers.create({});
  const outcomes: string[] = [];
  for (let calls = 0; calls < 4; calls += 1) {
    await stripe.customers.retrieve(id).then(
      () => outcomes.push("well"),
      () => outcomes.push("failed"),
    );
  }
  expect(outcomes).toEqual(["well", "failed", "failed", "well"]);
  expect(await (await fetch(`${url}/_sandbox/faults`)).json()).toEqual([]);
  expect((await postJson(`${url}/_sandbox/faults`, { trouble: "rain" })).status).toBe(400);
});

test.each(Object.keys(DECLINES))(
  "the next charge is refused with %s, the one after it pays",
  async (code) => {
    const sandbox = await openSandbox();
    const { stripe, trouble } = sandbox;
    await startTrial(sandbox);
    await trouble({ trouble: "declined", decline_code: code, times: 1 });
    await sandbox.advance({ seconds: 7 * 86_400 + 7_200 });
    const { data: failed } = await stripe.charges.list();
    expect(failed[0]).toMatchObject({ status: "failed", outcome: { reason: code } });
    await sandbox.advance({ seconds: 3 * 86_400 });
    expect((await stripe.charges.list()).data[0]).toMatchObject({ status: "succeeded" });
  },
);

test.each([
  ["4000000000009987", "Your card was declined."],
  ["4000000000000069", "Your card has expired."],
  ["4000000000000127", "security code is incorrect."],
  ["4000000000000119", "An error occurred while processing your card."],
])("the test card %s is refused at checkout: %s", async (number, words) => {
  const { stripe } = await openSandbox();
  const response = await pay(await createSession(stripe), number);
  expect([response.status, await response.text()]).toEqual([422, expect.stringContaining(words)]);
});

test("a card that stops paying pays at checkout and fails on the first renewal", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox, "4000009990000005", { subscription_data: {} });
  expect(subscription.status).toBe("active");
  await sandbox.advance({ seconds: 32 * 86_400 });
  expect((await sandbox.stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due");
});
