import { expect, test, vi } from "vitest";
import { requestSignIn } from "@/lib/auth/request-sign-in";
import { useTestDatabase } from "@/prisma/test-database";
import { pay, START } from "@/sandbox/stripe/test-stripe";
import { confirmCheckout } from "./confirm-checkout";
import { buyGift } from "./gifts/buy-gift";
import { openPortal } from "./open-portal";
import { reconcileMemberships } from "./reconcile";
import { DAY, openShop, PUBLIC_URL, type Shop, services } from "./shop.fixture";

/**
 * B73 to B75 and B77. B71 are S04 to S06 at the webhook's route, where B78 is as well; B72 stands with the plans, B76 with
 * the checkout.
 */

const database = useTestDatabase({ emptyEachTime: true });

async function openWithMember() {
  const shop = await openShop(database.db);
  const { customer } = await shop.checkOut(shop.reader.id);
  await shop.hear();
  return { ...shop, customer: String(customer), before: await shop.membership(shop.reader.id) };
}

/** Somebody subscribed at Stripe by a way that is not ours, such as a payment link. */
async function subscribeElsewhere(shop: Shop, email: string, metadata: Record<string, string> = {}) {
  const price = (await shop.stripe.prices.list()).data[0]?.id ?? "";
  const { id: customer } = await shop.stripe.customers.create({ email, metadata });
  const session = await shop.stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    line_items: [{ price, quantity: 1 }],
    success_url: PUBLIC_URL,
    subscription_data: { metadata },
  });
  await pay(session);
}

const withoutTimes = (row: object | null) => ({ ...row, syncedAt: null, updatedAt: null });

test("B73: who types a member's address while signed out gets nothing but a mail to that member", async () => {
  const shop = await openWithMember();
  const { email, id } = shop.reader;
  const sessions = (await shop.stripe.checkout.sessions.list()).data.length;
  await requestSignIn(
    database.db,
    { email, next: "/join", client: "192.0.2.9", newcomers: { source: "/join" } },
    { now: START },
  );
  await buyGift(
    database.db,
    shop.stripe,
    {
      months: 3,
      buyerEmail: email,
      buyerId: null,
      receiverEmail: "",
      receiverName: "",
      message: "",
      delivery: "buyer",
      client: null,
    },
    services,
  );
  expect(await shop.membership(id)).toEqual(shop.before);
  const all = await shop.stripe.checkout.sessions.list({ limit: 100 });
  expect(all.data).toHaveLength(sessions + 1);
  expect(all.data[0]).toMatchObject({ mode: "payment", customer: null });
  expect((await shop.stripe.customers.list()).data).toHaveLength(1);
});

test("B73: a subscription at Stripe with a member's address, or a stranger's, that our checkout did not sell opens and changes nothing", async () => {
  const shop = await openWithMember();
  const other = await shop.addReader();
  await subscribeElsewhere(shop, shop.reader.email);
  await subscribeElsewhere(shop, other.email);
  await shop.hear();
  await reconcileMemberships(database.db, shop.stripe, services);
  expect(withoutTimes(await shop.membership(shop.reader.id))).toEqual(withoutTimes(shop.before));
  expect(await shop.membership(other.id)).toBeNull();
  expect((await shop.stripe.subscriptions.list()).data).toHaveLength(3);
});

test("B74: a customer at Stripe that names a member in its metadata is nobody's but who has its id", async () => {
  const shop = await openWithMember();
  const other = await shop.addReader();
  await subscribeElsewhere(shop, other.email, { subscriberId: other.id });
  await shop.hear();
  await reconcileMemberships(database.db, shop.stripe, services);
  expect((await shop.stripe.subscriptions.list()).data).toHaveLength(2);
  expect(await shop.membership(other.id)).toBeNull();
});

test("B74: an address that is changed at Stripe moves a membership to nobody else", async () => {
  const shop = await openWithMember();
  const other = await shop.addReader();
  await shop.stripe.customers.update(shop.customer, { email: other.email });
  await shop.advance({ seconds: 8 * DAY });
  await shop.hear();
  expect(await shop.membership(shop.reader.id)).toMatchObject({ status: "ACTIVE" });
  expect(await shop.membership(other.id)).toBeNull();
  const mails = await database.db.notice.findMany({ where: { kind: "payment-received" } });
  expect(mails.map(({ email }) => email)).toEqual([shop.reader.email]);
});

test("B74: two people cannot have one customer", async () => {
  const shop = await openWithMember();
  const other = await shop.addReader();
  const take = database.db.subscriber.update({
    where: { id: other.id },
    data: { stripeCustomerId: shop.customer },
  });
  await expect(take).rejects.toMatchObject({ code: "P2002" });
});

test("B75: the portal is each reader's own, and Stripe is asked with no other customer", async () => {
  const shop = await openWithMember();
  const other = await shop.addReader();
  await shop.checkOut(other.id);
  const create = vi.spyOn(shop.stripe.billingPortal.sessions, "create");
  const { url } = await openPortal(database.db, shop.stripe, other.id, { publicUrl: PUBLIC_URL });
  const page = await (await fetch(url)).text();
  expect(page).toContain(other.email);
  expect(page).not.toContain(shop.reader.email);
  expect(create.mock.calls.map(([given]) => given?.customer)).not.toContain(shop.customer);
});

test("B77: the page of an offer that was replaced, or paid already, buys nothing", async () => {
  const shop = await openShop(database.db, { yearlyPriceCents: 3_000 });
  const { id } = shop.reader;
  const replaced = await shop.checkout(id, null, "month");
  const current = await shop.checkout(id, null, "year");
  expect((await pay(replaced)).status).toBe(410);
  expect(await confirmCheckout(database.db, shop.stripe, id, services)).toBe(false);
  await pay(current);
  await pay(current);
  await shop.hear();
  expect((await shop.stripe.subscriptions.list({ status: "all" })).data).toHaveLength(1);
  expect(await shop.membership(id)).toMatchObject({ intervalMonths: 12 });
});
