import { expect, test } from "vitest";
import { listenForWebhooks, openSandbox, startTrial } from "../test-stripe";

const DAY = 86_400;

test("a completed checkout begins a trial with a paid invoice for nothing", async () => {
  const webhooks = await listenForWebhooks();
  const sandbox = await openSandbox({ webhookUrl: webhooks.url });
  const { session, subscription } = await startTrial(sandbox);
  expect(session).toMatchObject({ status: "complete", payment_status: "no_payment_required", url: null });
  expect(subscription).toMatchObject({ status: "trialing", metadata: { subscriber: "one" } });
  expect((subscription.trial_end ?? 0) - subscription.created).toBe(7 * DAY);
  expect(subscription.items.data[0]?.current_period_end).toBe(subscription.trial_end);
  const { data: invoices } = await sandbox.stripe.invoices.list({ subscription: subscription.id });
  expect(invoices).toMatchObject([{ status: "paid", total: 0, billing_reason: "subscription_create" }]);
  expect(webhooks.unsigned).toEqual([]);
  expect(webhooks.types().sort()).toEqual(
    [
      "product.created",
      "price.created",
      "customer.created",
      "payment_method.attached",
      "setup_intent.created",
      "setup_intent.succeeded",
      "customer.subscription.created",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
      "checkout.session.completed",
    ].sort(),
  );
});

test("a trial lives through its reminder, its end and its first charge", async () => {
  const webhooks = await listenForWebhooks();
  const sandbox = await openSandbox({ webhookUrl: webhooks.url });
  const { subscription } = await startTrial(sandbox);
  const since = async (seconds: number) => {
    webhooks.received.length = 0;
    await sandbox.advance({ seconds });
    return webhooks.types().sort();
  };
  expect(await since(4 * DAY + 5)).toEqual(["customer.subscription.trial_will_end"]);
  expect(await since(3 * DAY)).toEqual(["customer.subscription.updated", "invoice.created"]);
  const active = await sandbox.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(active).toMatchObject({ status: "active", latest_invoice: { status: "draft", total: 300 } });
  expect(await since(3_600)).toEqual([
    "charge.succeeded",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice_payment.paid",
    "payment_intent.created",
    "payment_intent.succeeded",
  ]);
  const paid = await sandbox.stripe.invoices.list({ status: "paid", limit: 1 });
  expect(paid.data[0]).toMatchObject({ amount_paid: 300, billing_reason: "subscription_cycle" });
});

test("a card that stops paying makes the subscription past due and, after three more tries, ends it", async () => {
  const sandbox = await openSandbox();
  const { subscription } = await startTrial(sandbox, "4000000000000341");
  const read = async () => {
    const now = await sandbox.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
    const invoice = now.latest_invoice;
    if (invoice === null || typeof invoice === "string") throw new Error("There is no invoice.");
    return [now.status, invoice.status, invoice.attempt_count];
  };
  const story: unknown[] = [];
  for (const days of [7, 0.1, 3, 5, 7]) {
    await sandbox.advance({ seconds: Math.round(days * DAY) });
    story.push(await read());
  }
  expect(story).toEqual([
    ["active", "draft", 0],
    ["past_due", "open", 1],
    ["past_due", "open", 2],
    ["past_due", "open", 3],
    ["canceled", "open", 4],
  ]);
});
