import Stripe from "stripe";
import { expect, test } from "vitest";
import { API_VERSION } from "../api-version";
import { clientOf, createPrice, createSession, openSandbox, startTrial } from "../test-stripe";

test("the sandbox answers as the version that the installed package pins", () => {
  expect(Stripe.API_VERSION).toBe(API_VERSION);
});

type Call = (stripe: Stripe) => Promise<unknown>;
const priceOf = (given: object) => (stripe: Stripe) =>
  stripe.prices.create({ currency: "usd", unit_amount: 300, product_data: { name: "X" }, ...given });

const refusals: [string, Call, object][] = [
  [
    "an unknown parameter",
    (stripe) =>
      stripe.customers.create({ email: "a@example.com", colour: "red" } as Stripe.CustomerCreateParams),
    { statusCode: 400, type: "StripeInvalidRequestError", code: "parameter_unknown", param: "colour" },
  ],
  [
    "an unknown nested parameter",
    (stripe) => createSession(stripe, { subscription_data: { trial_days: 7 } as object }),
    { statusCode: 400, code: "parameter_unknown", param: "subscription_data[trial_days]" },
  ],
  [
    "a missing parameter",
    (stripe) => stripe.products.create({} as Stripe.ProductCreateParams),
    { statusCode: 400, code: "parameter_missing", param: "name" },
  ],
  [
    "a missing nested parameter",
    (stripe) => createSession(stripe, { mode: "subscription", line_items: [{ quantity: 1 }] }),
    { statusCode: 400, code: "parameter_missing", param: "line_items[0][price]" },
  ],
  [
    "a truth that is none",
    priceOf({ active: "yes" }),
    { statusCode: 400, param: "active", message: "Invalid boolean: yes" },
  ],
  [
    "a word that is not one of Stripe's",
    (stripe) => createSession(stripe, { mode: "gift" as "payment" }),
    { param: "mode", message: "Invalid mode: must be one of payment, setup, or subscription" },
  ],
  [
    "text where fields belong",
    (stripe) => createSession(stripe, { subscription_data: "trial" as unknown as object }),
    { statusCode: 400, param: "subscription_data", message: "Invalid object" },
  ],
  [
    "fields where text belongs",
    (stripe) => stripe.customers.create({ email: { a: "b" } as unknown as string }),
    { statusCode: 400, param: "email", message: 'Invalid string: {"a":"b"}' },
  ],
  [
    "text that is too long",
    (stripe) => stripe.customers.create({ name: "x".repeat(5_001) }),
    { statusCode: 400, param: "name", message: expect.stringContaining("at most") },
  ],
  [
    "what Stripe knows and the sandbox does not",
    (stripe) => stripe.customers.create({ tax_exempt: "reverse" }),
    { statusCode: 400, code: undefined, param: "tax_exempt", message: expect.stringContaining("sandbox") },
  ],
  [
    "an empty parameter",
    (stripe) => stripe.products.create({ name: "" }),
    { code: "parameter_invalid_empty" },
  ],
  [
    "a number that is none",
    priceOf({ unit_amount: "3.00" }),
    { code: "parameter_invalid_integer", param: "unit_amount" },
  ],
  [
    "an address without a scheme",
    (stripe) => createSession(stripe, { success_url: "example.com/done" }),
    { statusCode: 400, code: "url_invalid", param: "success_url" },
  ],
  [
    "an id that names nothing",
    (stripe) => stripe.subscriptions.retrieve("sub_none"),
    { statusCode: 404, code: "resource_missing", param: "id" },
  ],
  [
    "a parameter that names nothing",
    (stripe) => createSession(stripe, { customer: "cus_none" }),
    { statusCode: 400, code: "resource_missing", param: "customer" },
  ],
  [
    "a list of nobody's subscriptions",
    (stripe) => stripe.subscriptions.list({ customer: "cus_none" }),
    { statusCode: 400, code: "resource_missing", param: "customer" },
  ],
  [
    "two ways of naming the customer",
    async (stripe) => {
      const { id } = await stripe.customers.create({});
      return createSession(stripe, { customer: id, customer_email: "a@example.com" });
    },
    { statusCode: 400 },
  ],
  [
    "an archived price",
    async (stripe) => {
      const { id } = await createPrice(stripe);
      await stripe.prices.update(id, { active: false });
      return createSession(stripe, { line_items: [{ price: id }] });
    },
    { statusCode: 400, param: "line_items[0][price]" },
  ],
  [
    "a lookup key that is taken",
    async (stripe) => {
      await priceOf({ lookup_key: "monthly" })(stripe);
      return priceOf({ lookup_key: "monthly" })(stripe);
    },
    { statusCode: 400, param: "lookup_key" },
  ],
  [
    "a field that cannot be expanded",
    async (stripe) => {
      const { id } = await stripe.customers.create({});
      return stripe.customers.retrieve(id, { expand: ["email"] });
    },
    { statusCode: 400, param: "expand" },
  ],
  ["a call that it does not offer", (stripe) => stripe.quotes.list(), { statusCode: 404 }],
];

test.each(refusals)("%s is refused in Stripe's words", async (_name, call, expected) => {
  const { stripe } = await openSandbox();
  await expect(call(stripe)).rejects.toMatchObject({
    ...expected,
    requestId: expect.stringMatching(/^req_/),
  });
});

test("a wrong key is refused and not repeated", async () => {
  const { url } = await openSandbox();
  const call = clientOf(url, "sk_test_somebody_elses").customers.list();
  await expect(call).rejects.toMatchObject({ statusCode: 401, type: "StripeAuthenticationError" });
  await expect(call).rejects.not.toThrow("somebody");
});

test("another API version is refused", async () => {
  const { url, stripe } = await openSandbox();
  const headers = { authorization: "Bearer sk_test_of_the_sandbox", "stripe-version": "2020-08-27" };
  const response = await fetch(`${url}/v1/customers`, { headers });
  expect(response.status).toBe(400);
  const { lastResponse } = await stripe.customers.list();
  expect(lastResponse.headers["stripe-version"]).toBe(API_VERSION);
});

test("the same key and parameters give the same answer, other parameters an error", async () => {
  const { stripe } = await openSandbox();
  const create = (email: string) => stripe.customers.create({ email }, { idempotencyKey: "one" });
  const [first, second] = await Promise.all([create("a@example.com"), create("a@example.com")]);
  expect(second).toEqual(first);
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  await expect(create("b@example.com")).rejects.toMatchObject({
    statusCode: 400,
    type: "StripeIdempotencyError",
  });
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

test("a corrected request may use the key of the one that was refused", async () => {
  const { stripe } = await openSandbox();
  const create = (name: string) => stripe.products.create({ name }, { idempotencyKey: "product" });
  await expect(create("")).rejects.toThrow();
  expect((await create("The Weekly")).name).toBe("The Weekly");
});

test("lists come newest first, page by page in both directions", async () => {
  const { stripe } = await openSandbox();
  for (const name of ["1", "2", "3", "4", "5"]) await stripe.customers.create({ name });
  const names = (list: Stripe.ApiList<Stripe.Customer>) => list.data.map(({ name }) => name);
  const first = await stripe.customers.list({ limit: 2 });
  expect([names(first), first.has_more]).toEqual([["5", "4"], true]);
  const last = await stripe.customers.list({ limit: 3, starting_after: first.data[1]?.id ?? "" });
  expect([names(last), last.has_more]).toEqual([["3", "2", "1"], false]);
  const back = await stripe.customers.list({ limit: 2, ending_before: last.data[1]?.id ?? "" });
  expect([names(back), back.has_more]).toEqual([["4", "3"], true]);
  const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
  expect(all).toHaveLength(5);
});

test("lists filter by what they are asked for", async () => {
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  const { subscription, customer } = await startTrial(sandbox);
  const count = async (list: Promise<Stripe.ApiList<unknown>>) => (await list).data.length;
  expect(await count(stripe.subscriptions.list({ customer, status: "trialing" }))).toBe(1);
  expect(await count(stripe.subscriptions.list({ customer, status: "active" }))).toBe(0);
  expect(await count(stripe.customers.list({ email: "reader@example.com" }))).toBe(1);
  expect(await count(stripe.customers.list({ email: "other@example.com" }))).toBe(0);
  expect(await count(stripe.events.list({ type: "invoice.*" }))).toBe(4);
  expect(await count(stripe.events.list({ types: ["invoice.paid"] }))).toBe(1);
  expect(await count(stripe.paymentMethods.list({ customer, type: "card" }))).toBe(1);
  expect(await count(stripe.checkout.sessions.list({ customer, status: "open" }))).toBe(0);
  await stripe.subscriptions.cancel(subscription.id);
  expect(await count(stripe.subscriptions.list({ customer }))).toBe(0);
  expect(await count(stripe.subscriptions.list({ customer, status: "all" }))).toBe(1);
});

test("prices are found by their lookup key, which can move to a newer price", async () => {
  const { stripe } = await openSandbox();
  const old = await priceOf({ lookup_key: "monthly" })(stripe);
  const fresh = await priceOf({ lookup_key: "monthly", transfer_lookup_key: true })(stripe);
  const { data } = await stripe.prices.list({ lookup_keys: ["monthly"], active: true });
  expect(data.map(({ id }) => id)).toEqual([fresh.id]);
  expect((await stripe.prices.retrieve(old.id)).lookup_key).toBeNull();
  expect(String(fresh.unit_amount_decimal)).toBe("300");
});

test("metadata merges, and an empty value removes its key", async () => {
  const { stripe } = await openSandbox();
  const { id } = await stripe.customers.create({ metadata: { a: "1", b: "2", constructor: "x" } });
  const changed = await stripe.customers.update(id, { metadata: { b: "", c: "3" } });
  expect(changed.metadata).toEqual({ a: "1", c: "3", constructor: "x" });
  expect((await stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
});

test("ids become whole objects where they are expanded, several levels deep and in lists", async () => {
  const sandbox = await openSandbox();
  const { session } = await startTrial(sandbox);
  const read = await sandbox.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["line_items", "customer", "subscription.latest_invoice.payments"],
  });
  expect(read).toMatchObject({
    line_items: { data: [{ quantity: 1, price: { unit_amount: 300 } }] },
    customer: { email: "reader@example.com" },
    subscription: {
      latest_invoice: { total: 0, payments: { data: [] } },
    },
  });
  const { subscription } = read;
  const id = typeof subscription === "string" ? subscription : (subscription?.id ?? "");
  expect(
    await sandbox.stripe.subscriptions.retrieve(id, { expand: ["items.data.price.product"] }),
  ).toMatchObject({
    items: { data: [{ price: { product: { name: "The Weekly" } } }] },
  });
  await expect(
    sandbox.stripe.subscriptions.list({ expand: ["data.items.data.price.product"] }),
  ).rejects.toMatchObject({ param: "expand" });
  const list = await sandbox.stripe.subscriptions.list({
    expand: ["data.latest_invoice", "data.default_payment_method"],
  });
  expect(list.data[0]).toMatchObject({
    latest_invoice: { status: "paid" },
    default_payment_method: { type: "card" },
  });
});

test("an event names the request that caused it", async () => {
  const { stripe } = await openSandbox();
  const { lastResponse } = await stripe.customers.create({}, { idempotencyKey: "made once" });
  const { data } = await stripe.events.list({ type: "customer.created" });
  expect(data[0]).toMatchObject({
    api_version: API_VERSION,
    livemode: false,
    request: { id: lastResponse.requestId, idempotency_key: "made once" },
  });
});

test.each(["a]b=1", "a[b=1", "__proto__[x]=1", "a[b]=1&a=2", "email=%zz&name[first]=x"])(
  "the body %s does no harm",
  async (body) => {
    const { url } = await openSandbox();
    const headers = { authorization: "Bearer sk_test_of_the_sandbox" };
    const response = await fetch(`${url}/v1/customers`, { method: "POST", headers, body });
    expect(response.status).toBe(400);
  },
);

test.each([
  "/v1/customers/%E0%A4%A",
  "//",
  "/nowhere",
  "/c/pay/cs_none",
  "/p/session/bps_none",
  "/i/in_none",
])("the address %s is answered as one that names nothing", async (path) => {
  const { url } = await openSandbox();
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: "Bearer sk_test_of_the_sandbox" },
  });
  expect([400, 404]).toContain(response.status);
});

test("a deleted customer's subscription ends at once", async () => {
  const sandbox = await openSandbox();
  const { subscription, customer } = await startTrial(sandbox);
  expect(await sandbox.stripe.customers.del(customer)).toMatchObject({ deleted: true });
  expect((await sandbox.stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
  expect(await sandbox.stripe.customers.retrieve(customer)).toMatchObject({ deleted: true });
});

test("a form of another site is refused, one of its own pages is taken", async () => {
  const { url } = await openSandbox();
  const send = (origin: string) =>
    fetch(url, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ action: "hour" }),
      redirect: "manual",
    });
  expect((await send("http://elsewhere.example")).status).toBe(403);
  expect((await send("null")).status).toBe(403);
  expect((await send(url)).status).toBe(303);
  // Under no-referrer browsers would send their own forms with the origin "null".
  expect((await fetch(url)).headers.get("referrer-policy")).toBe("same-origin");
});
