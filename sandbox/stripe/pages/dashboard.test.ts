import { expect, test } from "vitest";
import { createSession, listenForWebhooks, openSandbox, pay, postForm, startTrial } from "../test-stripe";

const read = async (url: string) => (await fetch(url)).text();

test("somebody is found by part of their address, with all that is theirs and nothing of others", async () => {
  const sandbox = await openSandbox();
  const { stripe, url } = sandbox;
  const ada = await stripe.customers.create({ email: "ada@example.com" });
  const bob = await stripe.customers.create({ email: "bob@example.com" });
  const { subscription } = await startTrial(sandbox, "4242424242424242", { customer: ada.id });
  const page = await read(`${url}/?find=ADA%40`);
  expect(page).toContain(subscription.id);
  expect(page).toContain("Customers (1)");
  expect(page).not.toContain(bob.id);
  expect(await read(`${url}/?find=nobody`)).toContain("None found.");
});

test("lists are paged, each on its own, and an act leads back to the same page", async () => {
  const { stripe, url } = await openSandbox();
  for (let count = 0; count < 45; count += 1) await stripe.customers.create({ name: `Reader ${count}.` });
  const second = await read(`${url}/?customers=2`);
  expect(second).toContain("Page 2 of 3");
  expect(second).toContain("Reader 24.");
  expect(second).not.toContain("Reader 25.");
  expect(second).toContain('href="/?customers=3#customers"');
  const acted = await postForm(`${url}/?customers=2&find=reader`, { action: "hour" });
  expect(acted.headers.get("location")).toBe("/?find=reader&customers=2");
  expect(await read(`${url}/?customers=99`)).toContain("Page 3 of 3");
});

test("each event shows its tries and what the app answered, and is sent again by hand", async () => {
  const webhooks = await listenForWebhooks([500, 200]);
  const { stripe, url } = await openSandbox({ webhookUrl: webhooks.url, webhookPauseMs: 1 });
  await stripe.customers.create({});
  await webhooks.arrived(2);
  await expect.poll(() => read(url)).toContain("delivered, 2 tries");
  const page = await read(url);
  expect(page).toMatch(/answered 500, \d+ ms/);
  expect(page).toMatch(/answered 200, \d+ ms/);
  await postForm(url, { action: "resend", event: webhooks.received[0]?.id ?? "" });
  expect(webhooks.received).toHaveLength(3);
});

test("faults and chaos are set and ended on the page, and wrong values are refused in words", async () => {
  const { stripe, url } = await openSandbox();
  await postForm(url, { action: "fault", trouble: "failing", call: "GET /v1/customers", times: "1" });
  await postForm(url, { action: "fault", trouble: "declined", decline_code: "expired_card" });
  const page = await read(url);
  expect(page).toContain("GET /v1/customers: 500, an error of Stripe&#39;s, 1 more");
  expect(page).toContain("charges are refused: expired_card, until ended");
  await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 500 });
  await postForm(url, { action: "endFaults" });
  expect(await read(url)).toContain("all is well");
  await postForm(url, { action: "chaos", duplicate: "25", seed: "9" });
  expect(await (await fetch(`${url}/_sandbox/chaos`)).json()).toMatchObject({ duplicate: 0.25, seed: 9 });
  await postForm(url, { action: "endChaos" });
  expect(await (await fetch(`${url}/_sandbox/chaos`)).json()).toMatchObject({ duplicate: 0 });
  expect((await postForm(url, { action: "chaos", drop: "150" })).status).toBe(422);
  expect((await postForm(url, { action: "fault", trouble: "failing", call: "refunds" })).status).toBe(422);
});

test("a payment is refunded whole by a button", async () => {
  const { stripe, url } = await openSandbox();
  await pay(await createSession(stripe, { subscription_data: {} }));
  const [charge] = (await stripe.charges.list()).data;
  await postForm(url, { action: "refund", charge: charge?.id ?? "" });
  expect(await stripe.charges.retrieve(charge?.id ?? "")).toMatchObject({ refunded: true });
  expect(await read(url)).toContain("$3.00 refunded");
  expect((await postForm(url, { action: "refund", charge: charge?.id ?? "" })).status).toBe(422);
});

test("a payment is disputed and decided by buttons", async () => {
  const { stripe, url } = await openSandbox();
  await pay(await createSession(stripe, { subscription_data: {} }));
  const [charge] = (await stripe.charges.list()).data;
  await postForm(url, { action: "dispute", charge: charge?.id ?? "" });
  const [dispute] = (await stripe.disputes.list()).data;
  expect(await read(url)).toContain("Lose dispute");
  await postForm(url, { action: "lost", dispute: dispute?.id ?? "" });
  expect(await read(url)).toContain("dispute lost");
  expect((await postForm(url, { action: "dispute", charge: charge?.id ?? "" })).status).toBe(422);
});
