import { expect, test } from "vitest";
import { GOOD_CARD, openSandbox, startTrial } from "../test-stripe";

test("a charge is refunded once, in part or whole", async () => {
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  await startTrial(sandbox, GOOD_CARD, { subscription_data: {} });
  const [payment] = (await stripe.invoicePayments.list()).data;
  const intent = payment?.payment.payment_intent;
  if (typeof intent !== "string") throw new Error("There is no payment.");
  await stripe.refunds.create({ payment_intent: intent, amount: 100 });
  await expect(stripe.refunds.create({ payment_intent: intent, amount: 201 })).rejects.toMatchObject({
    param: "amount",
  });
  await stripe.refunds.create({ payment_intent: intent });
  await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
    code: "charge_already_refunded",
  });
  const read = await stripe.paymentIntents.retrieve(intent, { expand: ["latest_charge.refunds"] });
  expect(read.latest_charge).toMatchObject({
    refunded: true,
    amount_refunded: 300,
    refunds: { data: [{}, {}] },
  });
});

test("paying an invoice with a card that refuses answers 402", async () => {
  const sandbox = await openSandbox();
  await startTrial(sandbox, "4000000000000341");
  await sandbox.advance({ seconds: 7 * 86_400 + 7_200 });
  const [invoice] = (await sandbox.stripe.invoices.list({ status: "open" })).data;
  await expect(sandbox.stripe.invoices.pay(invoice?.id ?? "")).rejects.toMatchObject({
    statusCode: 402,
    type: "StripeCardError",
    code: "card_declined",
    decline_code: "generic_decline",
  });
});
