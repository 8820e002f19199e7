import { Ajv } from "ajv";
import Stripe from "stripe";
import { expect, test } from "vitest";
import { ROUTES } from "../api/routes";
import {
  createPrice,
  GOOD_CARD,
  openSandbox,
  pay,
  postForm,
  SECRET_KEY,
  startTrial,
  type TestSandbox,
} from "../test-stripe";
import { CALLS } from "./calls";
import type { Shape } from "./shape";
import { stripeSchema } from "./stripe-schema";

/** Every object with nothing but what Stripe says it has, so that the sandbox invents no fields. */
function strict({ properties, items, anyOf, additionalProperties, $ref, ...rest }: Shape): object {
  return {
    ...rest,
    ...($ref && { $ref }),
    ...(items && { items: strict(items) }),
    ...(anyOf && { anyOf: anyOf.map(strict) }),
    ...(additionalProperties && { additionalProperties: strict(additionalProperties) }),
    ...(properties && { properties: strictAll(properties), additionalProperties: false }),
  };
}

const strictAll = (shapes: Record<string, Shape>) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, strict(shape)]));

const ajv = new Ajv({ strict: false, validateFormats: false, inlineRefs: false, code: { optimize: false } });
// An event carries any kind of object: each is checked on its own.
const anyEvent = structuredClone(stripeSchema.objects.event);
if (anyEvent?.properties) anyEvent.properties.data = { type: "object" };
const offered = Object.entries(stripeSchema.calls).map(([call, { answer }]) => ({ call, answer }));
// One document, so that each kind is compiled once.
ajv.addSchema({
  $id: "stripe",
  objects: strictAll({ ...stripeSchema.objects, event: anyEvent ?? {} }),
  calls: offered.map(({ answer }) => strict(answer)),
});

/** What is wrong with `value` by `place`, such as `objects/customer`. */
function problemsOf(name: string, place: string, value: unknown): string[] {
  const validate = ajv.getSchema(`stripe#/${place}`);
  if (!validate) return [`${name}: there is no ${place} in the schema`];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** A client that holds every answer against the schema. */
function watch({ url }: TestSandbox) {
  const problems: string[] = [];
  const seen = new Set<string>();
  const { hostname, port } = new URL(url);
  const httpClient = Stripe.createFetchHttpClient(
    async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const call = nameOf(init?.method ?? "GET", pathname);
      if (response.ok) {
        seen.add(call);
        problems.push(
          ...problemsOf(
            call,
            `calls/${offered.findIndex((known) => known.call === call)}`,
            await response.clone().json(),
          ),
        );
      }
      return response;
    },
  );
  const stripe = new Stripe(SECRET_KEY, {
    host: hostname,
    port,
    protocol: "http",
    httpClient,
    telemetry: false,
  });
  return { stripe, problems, seen };
}

function nameOf(method: string, path: string): string {
  const parts = path.split("/");
  const call = Object.keys(CALLS).find((known) => {
    const [verb, pattern = ""] = known.split(" ");
    const wanted = pattern.split("/");
    return (
      verb === method &&
      wanted.length === parts.length &&
      wanted.every((part, at) => part === ":id" || part === parts[at])
    );
  });
  return call ?? `${method} ${path}`;
}

test("every call that the sandbox offers is in the schema, and the other way round", () => {
  const routes = ROUTES.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`);
  expect(routes.sort()).toEqual(Object.keys(CALLS).sort());
  expect(stripeSchema.version).toBe(Stripe.API_VERSION);
});

/** Makes every call once at least, over a trial, its first charge, a card that fails, and the end. */
async function makeEveryCall(sandbox: TestSandbox, stripe: Stripe): Promise<void> {
  const product = await stripe.products.create({ name: "The Weekly", metadata: { a: "1" } });
  const price = await createPrice(stripe);
  await stripe.products.update(product.id, { description: "Every Friday", default_price: price.id });
  await stripe.products.retrieve(product.id, { expand: ["default_price"] });
  await stripe.products.list({ limit: 1 });
  await stripe.prices.retrieve((await stripe.prices.update(price.id, { nickname: "Monthly" })).id);
  await stripe.prices.list({ active: true, limit: 1 });
  const person = await stripe.customers.create({ email: "other@example.com", address: { city: "Bern" } });
  await stripe.customers.update(person.id, { name: "Other" });
  await stripe.customers.retrieve(person.id, { expand: ["subscriptions"] });
  await stripe.customers.list();
  await stripe.customers.del(person.id);
  await stripe.customers.retrieve(person.id);
  const open = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://127.0.0.1:9/done",
  });
  await stripe.checkout.sessions.expire(open.id);
  const { customer, subscription, session } = await startTrial(sandbox);
  await stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items", "subscription", "customer"] });
  await stripe.checkout.sessions.list();
  await stripe.checkout.sessions.listLineItems(session.id);
  await stripe.billingPortal.sessions.create({ customer });
  await configure(stripe);
  await sandbox.advance({ seconds: 8 * 86_400 });
  await startTrial(sandbox, "4000000000000341");
  await sandbox.advance({ seconds: 8 * 86_400 });
  await readMoney(stripe, customer);
  await sellOtherwise(sandbox, stripe);
  const expand = ["latest_invoice.payments", "customer", "default_payment_method"];
  await stripe.subscriptions.retrieve(subscription.id, { expand });
  await stripe.subscriptions.list({ status: "all" });
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  await stripe.subscriptions.cancel(subscription.id);
  await resumePaused(sandbox, stripe);
}

async function configure(stripe: Stripe): Promise<void> {
  const { id: price, product } = await createPrice(stripe, { interval: "year" });
  const { configurations } = stripe.billingPortal;
  const { id } = await configurations.create({
    features: {
      invoice_history: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        products: [{ product: String(product), prices: [price] }],
      },
    },
    metadata: { a: "1" },
  });
  await configurations.update(id, { features: { subscription_update: { enabled: false, products: "" } } });
  await configurations.retrieve(id);
  await configurations.list({ active: true });
  const endpoint = await stripe.webhookEndpoints.create({
    url: "https://app.example.com/hook",
    enabled_events: ["invoice.paid"],
  });
  await stripe.webhookEndpoints.update(endpoint.id, { enabled_events: ["*"], disabled: true });
  await stripe.webhookEndpoints.retrieve(endpoint.id);
  await stripe.webhookEndpoints.list();
}

async function readMoney(stripe: Stripe, customer: string): Promise<void> {
  const [method] = (await stripe.paymentMethods.list({ customer })).data;
  await stripe.paymentMethods.retrieve(method?.id ?? "");
  await stripe.customers.listPaymentMethods(customer);
  const [payment] = (await stripe.invoicePayments.list({ status: "paid" })).data;
  await stripe.invoicePayments.retrieve(payment?.id ?? "");
  const [invoice] = (await stripe.invoices.list({ status: "paid", expand: ["data.payments"] })).data;
  await stripe.invoices.retrieve(invoice?.id ?? "");
  await stripe.invoices.listLineItems(invoice?.id ?? "");
  const [intent] = (await stripe.paymentIntents.list({ customer })).data;
  await stripe.paymentIntents.retrieve(intent?.id ?? "", { expand: ["latest_charge.refunds"] });
  const [charge] = (await stripe.charges.list({ customer })).data;
  const refund = await stripe.refunds.create({ charge: charge?.id ?? "", amount: 100 });
  await stripe.refunds.retrieve(refund.id, { expand: ["charge"] });
  await stripe.refunds.list();
  await stripe.charges.retrieve(charge?.id ?? "");
  const [event] = (await stripe.events.list({ type: "setup_intent.succeeded" })).data;
  if (event?.type !== "setup_intent.succeeded") throw new Error("No card was set up.");
  await stripe.setupIntents.retrieve(event.data.object.id);
  await stripe.events.retrieve(event.id);
}

/** Discounts, another price, a pause, a payment for once, a dispute. */
async function sellOtherwise(sandbox: TestSandbox, stripe: Stripe): Promise<void> {
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
  await stripe.coupons.update(coupon.id, { name: "Half" });
  await stripe.coupons.retrieve(coupon.id);
  await stripe.coupons.list();
  const code = await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id } });
  await stripe.promotionCodes.update(code.id, { metadata: { a: "1" } });
  await stripe.promotionCodes.retrieve(code.id, { expand: ["promotion.coupon"] });
  await stripe.promotionCodes.list({ active: true });
  const discounts = [{ promotion_code: code.id }];
  const { subscription } = await startTrial(sandbox, GOOD_CARD, { subscription_data: {}, discounts });
  const yearly = await createPrice(stripe, { interval: "year" });
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: subscription.items.data[0]?.id ?? "", price: yearly.id }],
    pause_collection: { behavior: "void" },
    expand: ["discounts", "latest_invoice.discounts"],
  });
  await stripe.subscriptions.deleteDiscount(subscription.id);
  await sandbox.advance({ seconds: 366 * 86_400 });
  await stripe.coupons.del(coupon.id);
  const once = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price_data: { currency: "usd", unit_amount: 3_600, product_data: { name: "Gift" } } }],
    success_url: "http://127.0.0.1:9/done",
  });
  await pay(once, "4000000000000259");
  await stripe.checkout.sessions.retrieve(once.id, { expand: ["payment_intent.latest_charge"] });
  const [dispute] = (await stripe.disputes.list()).data;
  await stripe.disputes.retrieve(dispute?.id ?? "", { expand: ["charge"] });
  await stripe.disputes.close(dispute?.id ?? "");
}

async function resumePaused(sandbox: TestSandbox, stripe: Stripe): Promise<void> {
  const { subscription, customer } = await startTrial(sandbox, GOOD_CARD, {
    payment_method_collection: "if_required",
    subscription_data: {
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    },
  });
  await sandbox.advance({ seconds: 8 * 86_400 });
  const portal = await stripe.billingPortal.sessions.create({ customer });
  await postForm(portal.url, { action: "card", number: GOOD_CARD, expiry: "12/34", cvc: "123", name: "Sam" });
  await stripe.subscriptions.resume(subscription.id);
  await startTrial(sandbox, "4000000000000341");
  await sandbox.advance({ seconds: 8 * 86_400 });
  const failing = (await stripe.invoices.list({ status: "open" })).data[0];
  const owner = typeof failing?.customer === "string" ? failing.customer : "";
  const cards = await stripe.billingPortal.sessions.create({ customer: owner });
  await postForm(cards.url, { action: "card", number: GOOD_CARD, expiry: "12/34", cvc: "123", name: "Sam" });
  await stripe.invoices.pay(failing?.id ?? "");
}

test("every answer and every event is valid by Stripe's schema", async () => {
  const sandbox = await openSandbox();
  const { stripe, problems, seen } = watch(sandbox);
  await makeEveryCall(sandbox, stripe);
  const state: { events: { type: string; data: { object: { object: string } } }[] } = await (
    await fetch(`${sandbox.url}/_sandbox/state`)
  ).json();
  for (const { type, data } of state.events) {
    problems.push(...problemsOf(type, `objects/${data.object.object}`, data.object));
  }
  expect([...new Set(problems)]).toEqual([]);
  expect([...seen].sort()).toEqual(Object.keys(CALLS).sort());
});
