import { describe, expect, test } from "vitest";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { pay, START } from "@/sandbox/stripe/test-stripe";
import { opensPaidIssues } from "./access";
import { endComp } from "./comp";
import { findDrift } from "./drift";
import { readFigures } from "./figures-queries";
import { membershipInWords } from "./format";
import { freeTimeOf } from "./free-time";
import { buyGift } from "./gifts/buy-gift";
import { giftUrl } from "./gifts/gift-link";
import { redeemGift } from "./gifts/redeem-gift";
import { reconcileMemberships } from "./reconcile";
import { DAY, openShop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const END_OF_3 = new Date("2026-04-05T09:00:00Z");
const HOUR_MS = 3_600_000;
const WORDS = { language: "en", timeZone: "UTC", priceCents: 300, currency: "usd", graceDays: 7 };

async function open() {
  const { db } = database;
  const shop = await openShop(db);
  const { id } = shop.reader;
  return {
    ...shop,
    id,
    /** Three months of somebody else's. */
    async redeemGift() {
      const order = { buyerEmail: "giver@example.com", buyerId: null, receiverEmail: "", receiverName: "" };
      const wanted = { ...order, months: 3 as const, message: "", delivery: "buyer" as const, client: null };
      await pay(await buyGift(db, shop.stripe, wanted, services));
      await shop.hear();
      const gift = await db.gift.findFirstOrThrow({ where: { redeemedAt: null } });
      const token = giftUrl(gift.id, services).split("/").at(-1) ?? "";
      await redeemGift(db, shop.stripe, { token, subscriberId: id }, services);
      return (await db.payment.findFirstOrThrow({ where: { giftId: gift.id } })).id;
    },
    ownCharges: async () => {
      const { stripeCustomerId: customer } = await db.subscriber.findUniqueOrThrow({ where: { id } });
      return (await shop.stripe.charges.list({ customer: customer ?? "" })).data.map(({ amount }) => amount);
    },
    isOpen: async () => opensPaidIssues(await shop.membership(id), { now: START, graceDays: 7 }),
  };
}

const later = (hours: number) => new Date(START.getTime() + hours * HOUR_MS);
test.each([
  ["a gift until a day", { source: "GIFT", status: "ACTIVE", endsAt: later(900) }, later(900)],
  ["a comp that ends within two days", { source: "COMP", status: "ACTIVE", endsAt: later(5) }, later(49)],
  ["a comp without end", { source: "COMP", status: "ACTIVE", endsAt: null }, null],
  ["one that is over", { source: "COMP", status: "ACTIVE", endsAt: START }, null],
  ["a gift that a bank holds", { source: "GIFT", status: "UNPAID", endsAt: later(900) }, null],
  ["a membership of one's own", { source: "STRIPE", status: "ACTIVE", endsAt: later(900) }, null],
  ["nothing", null, null],
] as const)("with %s, the first charge comes at %#", (_what, membership, firstChargeAt) => {
  expect(freeTimeOf(membership, START)?.firstChargeAt ?? null).toEqual(firstChargeAt);
});

describe("a membership taken while a gift runs", () => {
  test("is charged when the gift ends and not before, after a mail at once and one three days ahead; it is no trial", async () => {
    const shop = await open();
    await shop.redeemGift();
    await shop.checkOut(shop.id);
    await shop.hear();
    const waiting = await shop.membership(shop.id);
    expect(waiting).toMatchObject({ status: "TRIALING", trialEndsAt: END_OF_3, followsFreeTime: true });
    expect(membershipInWords(waiting, WORDS, START)).toMatchObject({
      title: "Everything is open to you, and goes on",
      detail: expect.stringMatching(/^Until 5 April 2026 you pay nothing. Then \$3 a month is charged/),
    });
    expect(await shop.isOpen()).toBe(true);
    expect(await shop.ownCharges()).toEqual([]);
    expect(await shop.mails(shop.id)).toEqual(["gift-redeemed", "later-started"]);
    expect(await readFigures(database.db, { now: START })).toMatchObject({ monthly: [] });
    expect((await findDrift(database.db, shop.stripe, services)).drifts).toEqual([]);

    await shop.advance({ to: "2026-04-03T09:00:00Z" });
    await shop.hear();
    expect(await shop.mails(shop.id)).toEqual(["gift-redeemed", "later-started", "later-starting"]);
    expect(await shop.ownCharges()).toEqual([]);
    await shop.advance({ to: "2026-04-05T12:00:00Z" });
    await shop.hear();
    expect(await shop.ownCharges()).toEqual([300]);
    expect(await shop.membership(shop.id)).toMatchObject({ source: "STRIPE", status: "ACTIVE" });
    expect(await shop.mails(shop.id)).toContain("payment-received");
    const person = await database.db.subscriber.findUniqueOrThrow({ where: { id: shop.id } });
    expect(person).toMatchObject({ trialUsedAt: null, trialEndsAt: null });
  });

  test("and cancelled before is never charged; the gift lasts to its end", async () => {
    const shop = await open();
    await shop.redeemGift();
    const { subscription } = await shop.checkOut(shop.id);
    await shop.stripe.subscriptions.update(String(subscription), { cancel_at_period_end: true });
    await shop.hear();
    expect(await shop.isOpen()).toBe(true);
    expect(await shop.membership(shop.id)).toMatchObject({ endsAt: END_OF_3, cancelAtPeriodEnd: true });
    await shop.stripe.subscriptions.cancel(String(subscription));
    await shop.hear();
    expect(await shop.membership(shop.id)).toMatchObject({ source: "GIFT", endsAt: END_OF_3 });
    await shop.advance({ seconds: 100 * DAY });
    expect(await shop.ownCharges()).toEqual([]);
  });

  test.each(["its webhook", "an hourly look"])(
    "ends with the gift's money when that goes back, heard of by %s",
    async (way) => {
      const shop = await open();
      const charge = await shop.redeemGift();
      const { subscription } = await shop.checkOut(shop.id);
      await shop.hear();
      await shop.stripe.refunds.create({ charge });
      if (way === "its webhook") await shop.hear();
      else await reconcileMemberships(database.db, shop.stripe, services);
      expect(await shop.isOpen()).toBe(false);
      expect((await shop.stripe.subscriptions.retrieve(String(subscription))).status).toBe("canceled");
      expect(await shop.mails(shop.id)).toEqual(["gift-redeemed", "later-started", "membership-ended"]);
      await shop.advance({ seconds: 100 * DAY });
      expect(await shop.ownCharges()).toEqual([]);
    },
  );

  test("is one, however often the page is opened, and another when the gift was lengthened", async () => {
    const shop = await open();
    await shop.redeemGift();
    const first = await shop.checkout(shop.id);
    expect(await shop.checkout(shop.id)).toEqual(first);
    await shop.redeemGift();
    expect(await shop.checkout(shop.id)).not.toEqual(first);
    expect((await shop.stripe.checkout.sessions.list({ status: "open", limit: 100 })).data).toHaveLength(1);
  });
});

describe("a membership taken by a guest", () => {
  test("whose last day is tomorrow is charged two days after joining, as Stripe wants it", async () => {
    const shop = await open();
    await createMembership(database.db, shop.id, { source: "COMP", endsAt: later(24) });
    await shop.checkOut(shop.id);
    await shop.hear();
    expect(await shop.membership(shop.id)).toMatchObject({ trialEndsAt: later(49), followsFreeTime: true });
    await shop.advance({ seconds: 3 * DAY });
    expect(await shop.ownCharges()).toEqual([300]);
  });

  test("whose free time the author ended begins as for anybody", async () => {
    const shop = await open();
    await createMembership(database.db, shop.id, { source: "COMP", endsAt: later(900) });
    const before = await shop.checkout(shop.id);
    await endComp(database.db, shop.id, services);
    expect(await shop.checkout(shop.id)).not.toEqual(before);
    await shop.checkOut(shop.id);
    await shop.hear();
    expect(await shop.membership(shop.id)).toMatchObject({ status: "TRIALING", followsFreeTime: false });
  });
});
