import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { importSubscribers } from "@/lib/subscribers/import-csv";
import { createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { createPrice, openSandbox, pay } from "@/sandbox/stripe/test-stripe";
import { findDrift } from "./drift";
import { moveIn } from "./move-in";
import { acceptProposals, chooseCustomer, leaveFree, listProposals, openUntilPaid } from "./move-in-decide";
import { countMoveIns, listMoveIns } from "./move-in-queries";
import { undoMoveIn } from "./move-in-undo";
import { reconcileMemberships } from "./reconcile";
import { DAY, openShop, type Shop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const STOPS_PAYING = "4000009990000005";
const HEADINGS = "email,active_subscription,expiry,plan,created_at,first_payment_at,stripe_customer_id";

type Listed = [email: string, plan: string, customer?: string | undefined, expiry?: string];

/** A list of the place before: address, plan and Stripe customer of each. */
async function bring(...people: Listed[]) {
  const rows = people.map(
    ([email, plan, customer = "", expiry = "2026-06-01T00:00:00Z"]) =>
      `${email},${plan !== "other"},${plan === "other" ? "" : expiry},${plan},2024-01-01,2025-01-01,${customer}`,
  );
  return importSubscribers(database.db, Readable.from([Buffer.from([HEADINGS, ...rows].join("\n"))]), {
    now: services.now,
    confirmed: true,
    source: "the place before",
  });
}

/** Somebody who pays in the author's own account, for what the place before sold there. */
async function payer(
  shop: Shop,
  email: string,
  { card, yearly, customer }: { card?: string; yearly?: boolean; customer?: string } = {},
) {
  const id = customer ?? (await shop.stripe.customers.create({ email })).id;
  const price = await createPrice(shop.stripe, { interval: yearly ? "year" : "month" });
  const session = await shop.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://127.0.0.1:9/done",
  });
  await pay(session, card);
  const { subscription } = await shop.stripe.checkout.sessions.retrieve(session.id);
  return { customer: id, subscription: String(subscription), price: price.id };
}

const run = (shop: Pick<Shop, "stripe">) => moveIn(database.db, shop.stripe, services);
const person = async (email: string) =>
  database.db.subscriber.findUniqueOrThrow({
    where: { email },
    include: { membership: true, moveIn: true, notices: true },
  });
const stateOf = async (email: string) => (await person(email)).moveIn?.state;

test("whom the list names by the Stripe customer is a member at the price of before, and hears nothing of it", async () => {
  const shop = await openShop(database.db);
  const ann = await payer(shop, "ann@elsewhere.example");
  const bo = await payer(shop, "bo@example.com", { yearly: true });
  await bring(["ann@example.com", "monthly", ann.customer], ["bo@example.com", "yearly", bo.customer]);
  expect(await run(shop)).toMatchObject({ moved: 2, failed: 0 });
  const moved = await person("ann@example.com");
  expect(moved).toMatchObject({
    stripeCustomerId: ann.customer,
    trialUsedAt: new Date("2025-01-01"),
    membership: { status: "ACTIVE", stripeSubscriptionId: ann.subscription, intervalMonths: 1 },
    moveIn: { state: "MOVED" },
  });
  expect(await person("bo@example.com")).toMatchObject({ membership: { intervalMonths: 12 } });
  const { metadata } = (await shop.stripe.customers.retrieve(ann.customer)) as { metadata: object };
  expect(metadata).toEqual({ subscriberId: moved.id });
  await shop.hear();
  await reconcileMemberships(database.db, shop.stripe, services);
  expect(await database.db.notice.count()).toBe(0);
  expect((await shop.stripe.charges.list()).data).toHaveLength(2);
  expect((await findDrift(database.db, shop.stripe, services)).drifts).toEqual([]);
  await expect(shop.checkout(moved.id)).rejects.toThrow();
  expect((await shop.stripe.checkout.sessions.list({ customer: ann.customer })).data).toHaveLength(1);
});

test("the next charge is told of, and whoever left and comes back gets no second trial", async () => {
  const shop = await openShop(database.db);
  const ann = await payer(shop, "ann@example.com");
  await bring(["ann@example.com", "monthly", ann.customer]);
  await run(shop);
  await shop.advance({ seconds: 32 * DAY });
  await shop.hear();
  const { id } = await person("ann@example.com");
  expect(await shop.mails(id)).toEqual(["payment-received"]);
  await shop.stripe.subscriptions.cancel(ann.subscription);
  await shop.hear();
  await database.db.subscriber.update({ where: { id }, data: { emailVerified: true } });
  const session = await shop.checkOut(id);
  expect((await shop.stripe.subscriptions.retrieve(String(session.subscription))).status).toBe("active");
});

test("an equal address alone is a proposal: a no is kept, a yes moves, a yes to another list is refused", async () => {
  const shop = await openShop(database.db);
  await payer(shop, "Ann@Example.com");
  await payer(shop, "bo@example.com");
  await bring(["ann@example.com", "monthly"], ["bo@example.com", "monthly"]);
  const first = await listProposals(database.db);
  expect(await run(shop)).toMatchObject({ moved: 0 });
  expect(await countMoveIns(database.db)).toMatchObject({ proposals: 2, moved: 0 });
  await expect(acceptProposals(database.db, shop.stripe, first.mark, services)).rejects.toThrow("changed");
  await leaveFree(database.db, (await person("bo@example.com")).id, services);
  await run(shop);
  expect(await stateOf("bo@example.com")).toBe("LEFT");
  const { mark } = await listProposals(database.db);
  expect(await acceptProposals(database.db, shop.stripe, mark, services)).toEqual({ moved: 1, failed: 0 });
  expect(await person("ann@example.com")).toMatchObject({ membership: { status: "ACTIVE" } });
  expect((await person("bo@example.com")).membership).toBeNull();
});

test("of two customers the author chooses one; nobody else's can be chosen", async () => {
  const shop = await openShop(database.db);
  const [one, two] = [await payer(shop, "ann@example.com"), await payer(shop, "ann@example.com")];
  const others = await payer(shop, "carl@example.com");
  await bring(["ann@example.com", "monthly", one.customer], ["carl@example.com", "monthly", others.customer]);
  await run(shop);
  const { id } = await person("ann@example.com");
  expect((await listMoveIns(database.db, { part: "decisions" })).rows[0]?.candidates).toHaveLength(2);
  const choose = (customerId: string) =>
    chooseCustomer(database.db, shop.stripe, { subscriberId: id, customerId }, services);
  await expect(choose(others.customer)).rejects.toThrow("changed");
  await choose(two.customer);
  expect(await person("ann@example.com")).toMatchObject({ stripeCustomerId: two.customer });
  expect((await shop.stripe.subscriptions.retrieve(one.subscription)).status).toBe("active");
});

test("a customer of another reader is never taken, by the list, by the address or by its metadata", async () => {
  const shop = await openShop(database.db);
  const taken = await payer(shop, "ann@example.com");
  const holder = await shop.addReader({ stripeCustomerId: taken.customer });
  const named = await payer(shop, "bo@example.com");
  await shop.stripe.customers.update(named.customer, { metadata: { subscriberId: holder.id } });
  const twice = await payer(shop, "dora@elsewhere.example");
  await bring(
    ["ann@example.com", "monthly"],
    ["bo@example.com", "monthly", named.customer],
    ["carl@example.com", "monthly", twice.customer],
    ["dora@example.com", "monthly", twice.customer],
  );
  await run(shop);
  expect([await stateOf("ann@example.com"), await stateOf("bo@example.com")]).toEqual([
    "UNDECIDED",
    "UNDECIDED",
  ]);
  const rivals = [await stateOf("carl@example.com"), await stateOf("dora@example.com")];
  expect(rivals.toSorted()).toEqual(["MOVED", "UNDECIDED"]);
  const { id: subscriberId } = await person("ann@example.com");
  const { customer: customerId } = taken;
  const choose = chooseCustomer(database.db, shop.stripe, { subscriberId, customerId }, services);
  await expect(choose).rejects.toThrow("another reader");
  expect(await person("ann@example.com")).toMatchObject({ stripeCustomerId: null, membership: null });
});

test("who pays no more at Stripe waits for a decision: free until the day that was paid, or not", async () => {
  const shop = await openShop(database.db);
  const gone = await payer(shop, "ann@example.com");
  await shop.stripe.subscriptions.cancel(gone.subscription);
  await bring(["ann@example.com", "yearly", gone.customer], ["bo@example.com", "monthly", "", "2025-12-01"]);
  await run(shop);
  expect(await countMoveIns(database.db)).toMatchObject({ decisions: 2 });
  const { id } = await person("ann@example.com");
  await openUntilPaid(database.db, id, services);
  const guest = { source: "COMP", status: "ACTIVE", endsAt: new Date("2026-06-01T00:00:00Z") };
  expect(await person("ann@example.com")).toMatchObject({ membership: guest, moveIn: { state: "GUEST" } });
  const other = await person("bo@example.com");
  await expect(openUntilPaid(database.db, other.id, services)).rejects.toThrow("no day");
  await undoMoveIn(database.db, shop.stripe, id, services);
  expect(await person("ann@example.com")).toMatchObject({
    membership: { endsAt: services.now },
    moveIn: { state: "UNDECIDED" },
  });
});

test("a failed payment and a cancellation come along as they are, and are not mailed about", async () => {
  const shop = await openShop(database.db);
  const late = await payer(shop, "ann@example.com", { card: STOPS_PAYING });
  const leaves = await payer(shop, "bo@example.com");
  await shop.stripe.subscriptions.update(leaves.subscription, { cancel_at_period_end: true });
  await shop.advance({ seconds: 20 * DAY });
  await bring(["bo@example.com", "monthly", leaves.customer]);
  await run(shop);
  await shop.advance({ seconds: 12 * DAY });
  await bring(["ann@example.com", "monthly", late.customer]);
  await run(shop);
  expect(await person("ann@example.com")).toMatchObject({ membership: { status: "PAST_DUE" }, notices: [] });
  await shop.hear();
  const [ann, bo] = [await person("ann@example.com"), await person("bo@example.com")];
  expect(ann.notices).toEqual([]);
  expect(bo).toMatchObject({ membership: { status: "CANCELED" } });
  expect(bo.notices.map(({ kind }) => kind)).toEqual(["membership-ended"]);
});

test("comped and gifted readers are guests until the day the list says; for life has no end", async () => {
  const shop = await openShop(database.db);
  await bring(
    ["ann@example.com", "comp", "", "2118-01-01T00:00:00Z"],
    ["bo@example.com", "gift", "", "2026-03-01T00:00:00Z"],
    ["carl@example.com", "comp", "", "2025-03-01T00:00:00Z"],
    ["dora@example.com", "other"],
  );
  expect(await run(shop)).toEqual({ comped: 1, gifted: 1, moved: 0, failed: 0 });
  expect(await person("ann@example.com")).toMatchObject({ membership: { source: "COMP", endsAt: null } });
  const gift = { source: "GIFT", endsAt: new Date("2026-03-01T00:00:00Z") };
  expect(await person("bo@example.com")).toMatchObject({ membership: gift });
  expect((await person("carl@example.com")).membership).toBeNull();
  expect(await countMoveIns(database.db)).toMatchObject({
    comped: 1,
    gifted: 1,
    guests: 2,
    left: 1,
    free: 1,
  });
});

test("whom the list calls free and an equal address pays at Stripe is proposed as well", async () => {
  const shop = await openShop(database.db);
  await payer(shop, "late@example.com");
  await bring(["late@example.com", "other"]);
  await run(shop);
  expect(await stateOf("late@example.com")).toBe("PROPOSED");
});

test("a second list and a second run change nothing; a list with customers fills in what was open", async () => {
  const shop = await openShop(database.db);
  const ann = await payer(shop, "ann@elsewhere.example");
  const bo = await payer(shop, "bo@example.com");
  const list = () => bring(["ann@example.com", "monthly", ann.customer], ["bo@example.com", "yearly"]);
  expect(await list()).toMatchObject({ paidElsewhere: 2 });
  await run(shop);
  const rows = () => database.db.moveIn.findMany({ orderBy: { subscriberId: "asc" } });
  const all = async () => [await rows(), await database.db.membership.findMany()];
  const updates = vi.spyOn(shop.stripe.customers, "update");
  const before = await all();
  await run(shop);
  expect(await all()).toEqual(before);
  expect(updates).not.toHaveBeenCalled();
  await list();
  expect((await person("ann@example.com")).moveIn).toMatchObject({ state: "MOVED", plan: "monthly" });
  await bring(["bo@example.com", "paid", bo.customer]);
  expect((await person("bo@example.com")).moveIn).toMatchObject({ plan: "yearly" });
  await run(shop);
  expect(await stateOf("bo@example.com")).toBe("MOVED");
});

test("Stripe down in the middle loses nobody: the next run goes on, also with whoever was half moved", async () => {
  const shop = await openShop(database.db);
  const people = [];
  for (const name of ["ann", "bo", "carl"]) people.push(await payer(shop, `${name}@example.com`));
  const [ann, bo, carl] = people.map(({ customer }) => customer);
  await bring(
    ["ann@example.com", "monthly", ann],
    ["bo@example.com", "monthly", bo],
    ["carl@example.com", "monthly", carl],
  );
  await shop.trouble({ trouble: "down", call: "GET /v1/subscriptions" });
  await expect(run(shop)).rejects.toThrow();
  await shop.endTrouble();
  await shop.trouble({ trouble: "down", call: "POST /v1/customers/*", after: 1 });
  expect(await run(shop)).toMatchObject({ moved: 1, failed: 2 });
  expect(await countMoveIns(database.db)).toMatchObject({ waiting: 2, moved: 1 });
  await shop.hear();
  expect(await database.db.notice.count()).toBe(0);
  await shop.endTrouble();
  expect(await run(shop)).toMatchObject({ moved: 2, failed: 0 });
  expect(await countMoveIns(database.db)).toMatchObject({ waiting: 0, moved: 3, decisions: 0 });
});

test("one matching is undone before anything came of it, and is a mere proposal then", async () => {
  const shop = await openShop(database.db);
  const ann = await payer(shop, "ann@example.com");
  const bo = await payer(shop, "bo@example.com");
  await bring(["ann@example.com", "monthly", ann.customer], ["bo@example.com", "monthly", bo.customer]);
  await run(shop);
  const { id } = await person("ann@example.com");
  await undoMoveIn(database.db, shop.stripe, id, services);
  expect(await person("ann@example.com")).toMatchObject({
    stripeCustomerId: null,
    trialUsedAt: null,
    membership: null,
    moveIn: { state: "PROPOSED" },
  });
  expect(await database.db.payment.count({ where: { subscriberId: id } })).toBe(0);
  const { metadata } = (await shop.stripe.customers.retrieve(ann.customer)) as { metadata: object };
  expect(metadata).toEqual({});
  await run(shop);
  expect(await stateOf("ann@example.com")).toBe("PROPOSED");
  await shop.stripe.subscriptions.update(bo.subscription, { cancel_at_period_end: true });
  await shop.hear();
  const other = await person("bo@example.com");
  await expect(undoMoveIn(database.db, shop.stripe, other.id, services)).rejects.toThrow("since");
  expect(other.membership).toMatchObject({ status: "ACTIVE" });
});

test("5,000 people are looked up with about one call for a hundred", async () => {
  const file = join(tmpdir(), `masthead-move-in-${process.pid}.json`);
  onTestFinished(() => rm(file, { force: true }));
  await createPublication(database.db);
  await fillAccount(file, 5_000);
  const { stripe } = await openSandbox({ dataFile: file });
  let calls = 0;
  stripe.on("request", () => {
    calls += 1;
  });
  await bring(...Array.from({ length: 5_000 }, (_, at) => [`r${at}@example.com`, "monthly"] as Listed));
  await run({ stripe });
  expect(await countMoveIns(database.db)).toMatchObject({ proposals: 5_000 });
  expect(calls).toBeLessThanOrEqual(60);
  await run({ stripe });
  expect(calls).toBeLessThanOrEqual(120);
}, 60_000);

/** One payer, bought through the sandbox, then written to its file so many times. */
async function fillAccount(file: string, size: number): Promise<void> {
  const sandbox = await openSandbox({ dataFile: file });
  const { id } = await sandbox.stripe.customers.create({ email: "r@example.com" });
  const price = await createPrice(sandbox.stripe);
  const session = await sandbox.stripe.checkout.sessions.create({
    mode: "subscription",
    customer: id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://127.0.0.1:9/done",
  });
  await pay(session);
  await sandbox.close();
  const saved = JSON.parse(await readFile(file, "utf8"));
  const [[, customer]] = saved.customers;
  const [[, subscription]] = saved.subscriptions;
  const many = Array.from({ length: size }, (_, at) => at);
  saved.customers = many.map((at) => [
    `cus_${at}`,
    { ...customer, id: `cus_${at}`, email: `r${at}@example.com` },
  ]);
  saved.subscriptions = many.map((at) => [
    `sub_${at}`,
    { ...subscription, id: `sub_${at}`, customer: `cus_${at}` },
  ]);
  saved.events = [];
  saved.deliveries = [];
  await writeFile(file, JSON.stringify(saved));
}
