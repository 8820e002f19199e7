import { describe, expect, test, vi } from "vitest";
import { eraseSubscriber } from "@/lib/subscribers/erase";
import { suppress } from "@/lib/subscribers/suppress";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { pay } from "@/sandbox/stripe/test-stripe";
import { opensPaidIssues } from "../access";
import { endComp } from "../comp";
import { readFigures } from "../figures-queries";
import { reconcileMemberships } from "../reconcile";
import { DAY, openShop, services } from "../shop.fixture";
import { giftAmount } from "./amount";
import { buyGift, type GiftOrder } from "./buy-gift";
import { confirmGift, readGiftOrder } from "./confirm-gift";
import { forgetGifts } from "./forget-gifts";
import { remindOfGiftEnds } from "./gift-ends";
import { giftUrl, makeOrderToken } from "./gift-link";
import { mailGiftAgain } from "./mail-gift-again";
import { getGift, listGifts } from "./queries";
import { inspectGift, redeemGift } from "./redeem-gift";

const database = useTestDatabase({ emptyEachTime: true });
const { now } = services;
const later = (days: number) => new Date(now.getTime() + days * DAY * 1_000);
const END_OF_3 = new Date("2026-04-05T09:00:00Z");

const ORDER: GiftOrder = {
  months: 3,
  buyerEmail: "Giver@Example.com",
  buyerId: null,
  receiverEmail: "",
  receiverName: "Ada",
  message: "Read this!",
  delivery: "buyer",
  client: null,
};

async function open(settings: Parameters<typeof openShop>[1] = {}) {
  const { db } = database;
  const shop = await openShop(db, { trialDays: 0, ...settings });
  const order = async (more: Partial<GiftOrder> = {}) => {
    const { url } = await buyGift(db, shop.stripe, { ...ORDER, ...more }, services);
    const gift = await db.gift.findFirstOrThrow({ orderBy: { id: "desc" } });
    return { id: gift.id, url, token: giftUrl(gift.id, services).split("/").at(-1) ?? "" };
  };
  const buy = async (more: Partial<GiftOrder> = {}) => {
    const gift = await order(more);
    await pay(gift);
    await shop.hear();
    return gift;
  };
  return {
    ...shop,
    order,
    buy,
    gift: (id: string) => db.gift.findUniqueOrThrow({ where: { id } }),
    redeem: (token: string, subscriberId = shop.reader.id, at = now) =>
      redeemGift(db, shop.stripe, { token, subscriberId }, { ...services, now: at }),
    isOpen: async (subscriberId = shop.reader.id, at = now) =>
      opensPaidIssues(await shop.membership(subscriberId), { now: at, graceDays: 7 }),
    chargeOf: async (id: string) =>
      (await db.payment.findFirstOrThrow({ where: { giftId: id, kind: "CHARGE", status: "succeeded" } })).id,
    mailsTo: async (email: string) =>
      (await db.notice.findMany({ where: { email }, orderBy: { createdAt: "asc" } })).map(({ kind }) => kind),
  };
}

test.each([
  [3, 900],
  [6, 1_800],
  [12, 3_600],
] as const)("%s months cost so many times the monthly price", (months, amount) => {
  expect(giftAmount({ priceCents: 300, yearlyPriceCents: null }, months)).toBe(amount);
});

test("a year costs the yearly price where there is one", () => {
  const prices = { priceCents: 300, yearlyPriceCents: 3_000 };
  expect([3, 6, 12].map((months) => giftAmount(prices, months as 3 | 6 | 12))).toEqual([900, 1_800, 3_000]);
});

describe("buying", () => {
  test("the checkout sells what the settings say, once, to nobody's customer, with our metadata alone", async () => {
    const shop = await open({ priceCents: 450, currency: "eur" });
    const { id } = await shop.order({ months: 6, receiverEmail: "ada@example.com" });
    const [session] = (await shop.stripe.checkout.sessions.list()).data;
    expect(session).toMatchObject({
      mode: "payment",
      amount_total: 2_700,
      currency: "eur",
      customer: null,
      customer_email: "giver@example.com",
      metadata: { giftId: id },
    });
    expect(JSON.stringify(session)).not.toMatch(/ada@|Ada|Read this/);
  });

  test("nothing is a gift before Stripe says that it is paid, and an order that runs out is forgotten", async () => {
    const shop = await open();
    const { id, token } = await shop.order();
    await shop.hear();
    await expect(shop.redeem(token)).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await inspectGift(database.db, token, null, services))?.state).toBe("unpaid");
    expect(await shop.mailsTo("giver@example.com")).toEqual([]);
    await shop.advance({ seconds: 2 * DAY });
    await shop.hear();
    expect(await database.db.gift.count({ where: { id } })).toBe(0);
  });

  test("whatever order and number of events: one receipt with the link, one gift mail, one payment", async () => {
    const shop = await open();
    const gift = await shop.order({ delivery: "receiver", receiverEmail: "ada@example.com" });
    await pay(gift);
    const events = await shop.events();
    await Promise.all([...events, ...events.toReversed()].map((event) => shop.receive(event)));
    await shop.hear();
    expect(await shop.mailsTo("giver@example.com")).toEqual(["gift-receipt"]);
    expect(await shop.mailsTo("ada@example.com")).toEqual(["gift-received"]);
    const mail = await database.db.notice.findFirstOrThrow({ where: { kind: "gift-received" } });
    expect(mail.data).toMatchObject({ giftUrl: giftUrl(gift.id, services), message: "Read this!" });
    expect(await database.db.payment.findMany()).toMatchObject([
      { giftId: gift.id, subscriberId: null, kind: "CHARGE", status: "succeeded", amountCents: 900 },
    ]);
  });

  test("a lost webhook is made good by the hour", async () => {
    const shop = await open();
    const gift = await shop.order();
    await pay(gift);
    await reconcileMemberships(database.db, shop.stripe, services);
    expect((await shop.gift(gift.id)).paidAt).not.toBeNull();
  });

  test.each([
    [{ buyerEmail: "nobody" }, "buyerEmail"],
    [{ receiverEmail: "noreply@example.com" }, "receiverEmail"],
    [{ delivery: "receiver" as const }, "receiverEmail"],
  ])("%j is said at the field, and nothing is written", async (more, field) => {
    const shop = await open();
    await expect(shop.order(more)).rejects.toMatchObject({
      code: "INVALID",
      fields: { [field]: expect.any(String) },
    });
    expect(await database.db.gift.count()).toBe(0);
  });

  test("an address that asked for no mail gets none, and the receipt says that the buyer passes it on", async () => {
    const shop = await open();
    const blocked = await shop.addReader({ status: "SUPPRESSED", suppressedReason: "complained" });
    await suppress(database.db, { email: blocked.email, reason: "complained" }, { now });
    await shop.buy({ delivery: "receiver", receiverEmail: blocked.email });
    expect(await shop.mailsTo(blocked.email)).toEqual([]);
    const receipt = await database.db.notice.findFirstOrThrow({ where: { kind: "gift-receipt" } });
    expect(receipt.data).toMatchObject({ mailedTo: null });
  });
});

describe("coming back from Stripe", () => {
  const confirm = (shop: Awaited<ReturnType<typeof open>>, id: string) =>
    confirmGift(database.db, shop.stripe, makeOrderToken(id), services);

  test("who paid is told so before any webhook, and it mails once; the page holds nothing that redeems", async () => {
    const shop = await open();
    const gift = await shop.order({ delivery: "receiver", receiverEmail: "ada@example.com" });
    expect(await confirm(shop, gift.id)).toMatchObject({ isPaid: false });
    await pay(gift);
    expect(await database.db.stripeEvent.count()).toBe(0);
    expect(await confirm(shop, gift.id)).toEqual({
      isPaid: true,
      months: 3,
      buyer: expect.not.stringContaining("giver@"),
      mailsReceiver: true,
    });
    await shop.hear();
    await confirm(shop, gift.id);
    expect(await shop.mailsTo("giver@example.com")).toEqual(["gift-receipt"]);
    expect(await shop.mailsTo("ada@example.com")).toEqual(["gift-received"]);
  });

  test("an address that was forged, or that redeems, shows nothing", async () => {
    const shop = await open();
    const gift = await shop.buy();
    for (const token of ["", gift.id, gift.token, `${makeOrderToken(gift.id)}x`]) {
      expect(await confirmGift(database.db, shop.stripe, token, services)).toBeNull();
      expect(await readGiftOrder(database.db, token, services)).toEqual({});
    }
  });

  test("while Stripe is away the page waits; afterwards it is paid", async () => {
    const shop = await open();
    const gift = await shop.order();
    await pay(gift);
    await shop.trouble({ trouble: "down" });
    expect(await confirm(shop, gift.id)).toMatchObject({ isPaid: false });
    await shop.endTrouble();
    expect(await confirm(shop, gift.id)).toMatchObject({ isPaid: true });
  });

  test("Stripe is asked thirty times in ten minutes, however often the page is loaded", async () => {
    const shop = await open();
    const gift = await shop.order();
    const retrieve = vi.spyOn(shop.stripe.checkout.sessions, "retrieve");
    for (let time = 0; time < 33; time += 1) await confirm(shop, gift.id);
    expect(retrieve).toHaveBeenCalledTimes(30);
  });

  test("who comes back without paying finds what they typed; once paid, nobody does", async () => {
    const shop = await open();
    const gift = await shop.order();
    const read = () => readGiftOrder(database.db, makeOrderToken(gift.id), services);
    expect(await read()).toMatchObject({ months: "3", delivery: "buyer", message: "Read this!" });
    await pay(gift);
    await shop.hear();
    expect(await read()).toEqual({});
  });
});

describe("redeeming", () => {
  test("opens everything to the end, and counts as no trial, conversion or revenue", async () => {
    const shop = await open();
    const gift = await shop.buy();
    expect(await shop.redeem(gift.token)).toEqual({ endsAt: END_OF_3 });
    expect(await shop.membership(shop.reader.id)).toMatchObject({ source: "GIFT", endsAt: END_OF_3 });
    expect(await shop.isOpen()).toBe(true);
    expect(await shop.isOpen(shop.reader.id, END_OF_3)).toBe(false);
    expect(await shop.mails(shop.reader.id)).toEqual(["gift-redeemed"]);
    const figures = await readFigures(database.db, { now });
    expect(figures).toMatchObject({ monthly: [], conversion: { part: 0, whole: 0 }, members: 1 });
    expect(
      (await database.db.subscriber.findUniqueOrThrow({ where: { id: shop.reader.id } })).trialUsedAt,
    ).toBe(null);
    expect(await shop.gift(gift.id)).toMatchObject({ receiverName: "", message: "", receiverEmail: null });
  });

  test("pressing again answers the same, and everybody else is told that it is used up", async () => {
    const shop = await open();
    const gift = await shop.buy();
    const other = await shop.addReader();
    const first = await shop.redeem(gift.token);
    expect(await shop.redeem(gift.token, shop.reader.id, later(3))).toEqual(first);
    await expect(shop.redeem(gift.token, other.id)).rejects.toThrow("redeemed already");
    const state = async (viewer: string | null) =>
      (await inspectGift(database.db, gift.token, viewer, services))?.state;
    expect([await state(shop.reader.id), await state(other.id), await state(null)]).toEqual([
      "yours",
      "taken",
      "taken",
    ]);
  });

  test("of five at the same moment one gets it", async () => {
    const shop = await open();
    const gift = await shop.buy();
    const people = [shop.reader, ...(await Promise.all([1, 2, 3, 4].map(() => shop.addReader())))];
    const answers = await Promise.allSettled(people.map(({ id }) => shop.redeem(gift.token, id)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await database.db.membership.count()).toBe(1);
  });

  test("two gifts of one person at the same moment add up", async () => {
    const shop = await open();
    const [one, two] = [await shop.buy(), await shop.buy({ months: 6 })];
    await Promise.all([shop.redeem(one.token), shop.redeem(two.token)]);
    expect((await shop.membership(shop.reader.id))?.endsAt).toEqual(new Date("2026-10-05T09:00:00Z"));
  });

  test("one that comes to a comp begins when that ends; a comp without end leaves the gift whole", async () => {
    const shop = await open();
    const [one, two] = [await shop.buy(), await shop.buy()];
    await createMembership(database.db, shop.reader.id, { endsAt: new Date("2026-02-01T00:00:00Z") });
    expect(await shop.redeem(one.token)).toEqual({ endsAt: new Date("2026-05-01T00:00:00Z") });
    const endless = await shop.addReader();
    await createMembership(database.db, endless.id);
    await expect(shop.redeem(two.token, endless.id)).rejects.toThrow("without an end");
    expect((await shop.gift(two.id)).redeemedAt).toBeNull();
  });

  test.each([0, 7])(
    "whoever pays, after %s days of trial, keeps the gift whole for later",
    async (trialDays) => {
      const shop = await open({ trialDays });
      const gift = await shop.buy();
      const { subscription } = await shop.checkOut(shop.reader.id);
      // Its webhook has not come yet: Stripe is asked.
      await expect(shop.redeem(gift.token)).rejects.toMatchObject({ code: "CONFLICT" });
      await shop.stripe.subscriptions.update(String(subscription), { cancel_at_period_end: true });
      await expect(shop.redeem(gift.token)).rejects.toThrow("still runs");
      await shop.stripe.subscriptions.cancel(String(subscription));
      expect(await shop.redeem(gift.token)).toEqual({ endsAt: END_OF_3 });
    },
  );

  test("what somebody bought beside a gift goes before it, and the rest of the gift comes back after", async () => {
    const shop = await open();
    await shop.redeem((await shop.buy()).token);
    const { subscription } = await shop.checkOut(shop.reader.id);
    await shop.hear();
    expect(await shop.membership(shop.reader.id)).toMatchObject({ source: "STRIPE", status: "TRIALING" });
    await shop.stripe.subscriptions.cancel(String(subscription));
    await shop.hear();
    expect(await shop.membership(shop.reader.id)).toMatchObject({ source: "GIFT", endsAt: END_OF_3 });
  });

  test("needs a mailbox that was proven, and a link of ours", async () => {
    const shop = await open();
    const gift = await shop.buy();
    const pending = await shop.addReader({ status: "PENDING" });
    await expect(shop.redeem(gift.token, pending.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (const token of [`${gift.token}x`, makeOrderToken(gift.id), gift.id, ""]) {
      await expect(shop.redeem(token)).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await inspectGift(database.db, token, null, services)).toBeNull();
    }
  });

  test("ended by the author, it does not come back", async () => {
    const shop = await open();
    await shop.redeem((await shop.buy()).token);
    const { subscription } = await shop.checkOut(shop.reader.id);
    await shop.stripe.subscriptions.cancel(String(subscription));
    await shop.hear();
    expect(await endComp(database.db, shop.reader.id, { now })).toBe(true);
    await reconcileMemberships(database.db, shop.stripe, services);
    expect(await shop.isOpen()).toBe(false);
  });
});

describe("money that goes back", () => {
  test("before it was redeemed: the link says so, though no webhook came", async () => {
    const shop = await open();
    const gift = await shop.buy();
    await shop.stripe.refunds.create({ charge: await shop.chargeOf(gift.id) });
    await expect(shop.redeem(gift.token)).rejects.toThrow("was given back");
    expect(await shop.gift(gift.id)).toMatchObject({ money: "RETURNED", receiverName: "" });
  });

  test("refunded before its payment was heard of: nobody gets a mail", async () => {
    const shop = await open();
    const gift = await shop.order();
    await pay(gift);
    const [charge] = (await shop.stripe.charges.list()).data;
    await shop.stripe.refunds.create({ charge: charge?.id ?? "" });
    await shop.receiveAll((await shop.events()).toReversed());
    expect((await shop.gift(gift.id)).money).toBe("RETURNED");
    expect(await database.db.notice.count()).toBe(0);
    expect(await database.db.payment.count({ where: { giftId: gift.id } })).toBe(2);
  });

  test("a full refund of a redeemed gift ends access at once, a part of it changes nothing", async () => {
    const shop = await open();
    const gift = await shop.buy();
    await shop.redeem(gift.token);
    const charge = await shop.chargeOf(gift.id);
    await shop.stripe.refunds.create({ charge, amount: 100 });
    await shop.hear();
    expect(await shop.isOpen()).toBe(true);
    await shop.stripe.refunds.create({ charge });
    await shop.hear();
    await shop.hear();
    expect(await shop.isOpen()).toBe(false);
    expect(await shop.mails(shop.reader.id)).toEqual(["gift-redeemed", "membership-ended"]);
  });

  test("an open dispute closes, won it opens again; before redeeming it makes the link wait", async () => {
    const shop = await open();
    const gift = await shop.buy();
    const waiting = await shop.buy();
    await shop.redeem(gift.token);
    const disputes = [
      await shop.dispute(await shop.chargeOf(gift.id)),
      await shop.dispute(await shop.chargeOf(waiting.id)),
    ];
    await shop.hear();
    expect(await shop.isOpen()).toBe(false);
    await expect(shop.redeem(waiting.token)).rejects.toThrow("looking into");
    for (const { id } of disputes) await shop.decide(id, "won");
    await shop.hear();
    expect(await shop.isOpen()).toBe(true);
    await shop.redeem(waiting.token);
  });

  test("a lost dispute takes its own months, and a gift behind it moves up", async () => {
    const shop = await open();
    const [first, second] = [await shop.buy(), await shop.buy()];
    await shop.redeem(first.token);
    await shop.redeem(second.token);
    const { id } = await shop.dispute(await shop.chargeOf(first.id));
    await shop.hear();
    await shop.decide(id, "lost");
    await shop.hear();
    expect(await shop.isOpen()).toBe(true);
    const endsAt = (await shop.membership(shop.reader.id))?.endsAt ?? now;
    expect(Math.abs(endsAt.getTime() - END_OF_3.getTime())).toBeLessThan(3 * DAY * 1_000);
  });

  test("given to somebody with a comp, its refund leaves the comp as it was", async () => {
    const shop = await open();
    const endsAt = new Date("2026-02-01T00:00:00Z");
    await createMembership(database.db, shop.reader.id, { endsAt });
    const gift = await shop.buy();
    await shop.redeem(gift.token);
    await shop.stripe.refunds.create({ charge: await shop.chargeOf(gift.id) });
    await shop.hear();
    expect(await shop.membership(shop.reader.id)).toMatchObject({ source: "COMP", endsAt });
  });
});

describe("the end", () => {
  const remind = (at: Date) => remindOfGiftEnds(database.db, { ...services, now: at });

  test("is told a week before and on the day, once each, with the trial where there was none", async () => {
    const shop = await open({ trialDays: 7 });
    await shop.redeem((await shop.buy()).token);
    const daysBefore = (days: number) => new Date(END_OF_3.getTime() - days * DAY * 1_000);
    expect(await remind(daysBefore(8))).toBe(0);
    expect([await remind(daysBefore(7)), await remind(daysBefore(3))]).toEqual([1, 0]);
    await database.db.subscriber.updateMany({ data: { trialUsedAt: now } });
    expect([await remind(END_OF_3), await remind(daysBefore(-2)), await remind(daysBefore(-9))]).toEqual([
      1, 0, 0,
    ]);
    const told = await database.db.notice.findMany({ where: { kind: { startsWith: "gift-end" } } });
    expect(told.map(({ kind, data }) => [kind, data])).toMatchObject([
      ["gift-ending", { endsAt: END_OF_3.toISOString(), offer: { trialDays: 7, priceLabel: "$3 a month" } }],
      ["gift-ended", { offer: { trialDays: 0 } }],
    ]);
  });
});

describe("on the desk", () => {
  test("paid gifts are found by state and by anybody's address, with how far their mail came", async () => {
    const shop = await open();
    const waiting = await shop.buy({ delivery: "receiver", receiverEmail: "ada@example.com" });
    const used = await shop.buy({ buyerEmail: "second@example.com" });
    await shop.redeem(used.token);
    await shop.order();
    const ids = async (filter: Parameters<typeof listGifts>[1]) =>
      (await listGifts(database.db, filter)).rows.map(({ id }) => id);
    expect(await ids({})).toEqual(expect.arrayContaining([waiting.id, used.id]));
    expect((await listGifts(database.db, {})).counts).toEqual({
      waiting: 1,
      redeemed: 1,
      held: 0,
      returned: 0,
    });
    expect(await ids({ state: "waiting" })).toEqual([waiting.id]);
    expect(await ids({ search: "ADA@" })).toEqual([waiting.id]);
    expect(await ids({ search: shop.reader.email })).toEqual([used.id]);
    expect((await getGift(database.db, waiting.id))?.mails).toEqual({ buyer: "QUEUED", receiver: "QUEUED" });
    expect((await getGift(database.db, used.id))?.payments).toHaveLength(1);
  });

  test("the link is mailed again to a corrected address, and not once the gift is used up", async () => {
    const shop = await open();
    const gift = await shop.buy();
    const again = (to: "buyer" | "receiver", email: string) =>
      mailGiftAgain(database.db, { giftId: gift.id, to, email }, services);
    await again("buyer", "right@example.com");
    await again("receiver", "ada@example.com");
    await again("receiver", "ada@example.com");
    expect(await shop.mailsTo("right@example.com")).toEqual(["gift-receipt"]);
    expect(await shop.mailsTo("ada@example.com")).toEqual(["gift-received", "gift-received"]);
    await expect(again("receiver", "nobody")).rejects.toMatchObject({ code: "INVALID" });
    await shop.redeem(gift.token);
    await expect(again("buyer", "right@example.com")).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("forgetting", () => {
  const everything = async () =>
    JSON.stringify([await database.db.gift.findMany(), await database.db.notice.findMany()]);
  const erase = (id: string) =>
    eraseSubscriber(database.db, id, {
      now,
      isAuthor: async () => false,
      cancelMembership: async () => undefined,
    });

  test("who is erased leaves no address in gifts, as buyer or receiver; what others bought for them stays", async () => {
    const shop = await open();
    const person = await createSubscriber(database.db);
    const waiting = await shop.buy({ delivery: "receiver", receiverEmail: person.email });
    await shop.buy({ buyerEmail: person.email, buyerId: person.id });
    // What was sent holds no words any more.
    await database.db.notice.updateMany({ data: { state: "SENT", data: {} } });
    await erase(person.id);
    expect(await everything()).not.toContain(person.email);
    await shop.redeem(waiting.token);
    await erase(shop.reader.id);
    expect(await shop.gift(waiting.id)).toMatchObject({ redeemedById: null, redeemedAt: now });
    const other = await createSubscriber(database.db);
    await expect(shop.redeem(waiting.token, other.id)).rejects.toThrow("redeemed already");
  });

  test("half a year after it was redeemed, the buyer's address goes; a waiting gift keeps it", async () => {
    const shop = await open();
    const [used, waiting] = [await shop.buy(), await shop.buy()];
    await shop.redeem(used.token);
    await database.db.notice.updateMany({ data: { state: "SENT", createdAt: now } });
    await forgetGifts(database.db, { now: later(179) });
    expect((await shop.gift(used.id)).buyerEmail).toBe("giver@example.com");
    await forgetGifts(database.db, { now: later(181) });
    expect((await shop.gift(used.id)).buyerEmail).toBeNull();
    expect((await shop.gift(waiting.id)).buyerEmail).toBe("giver@example.com");
    expect(await shop.mailsTo("giver@example.com")).toEqual([]);
    await reconcileMemberships(database.db, shop.stripe, services);
    expect(await shop.mailsTo("giver@example.com")).toEqual([]);
  });
});
