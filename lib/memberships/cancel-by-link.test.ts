import { describe, expect, test } from "vitest";
import { makeToken } from "@/lib/tokens";
import { useTestDatabase } from "@/prisma/test-database";
import { START } from "@/sandbox/stripe/test-stripe";
import { cancelByLink, inspectCancelLink, inspectKeepLink, keepByLink } from "./cancel-by-link";
import { cancelUrl } from "./cancel-link";
import { DAY, openShop, PUBLIC_URL, type Shop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const RENEWAL_FAILS = "4000000000000341";
const tokenFor = (subscription: string) => makeToken("cancel", subscription);

async function join(shop: Shop, id = shop.reader.id, card?: string): Promise<string> {
  const { subscription } = await shop.checkOut(id, card);
  await shop.hear();
  return String(subscription);
}
const cancel = (shop: Shop, token: string) => cancelByLink(database.db, shop.stripe, token, services);
const keep = (shop: Shop, token: string) => keepByLink(database.db, shop.stripe, token, services);
const look = (token: string) => inspectCancelLink(database.db, token, services);
const count = async (shop: Shop, kind: string) =>
  (await shop.mails(shop.reader.id)).filter((mail) => mail === kind).length;

describe("the link in a mail about money", () => {
  test("is in the first mail, the reminder and each receipt, and names this subscription", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop);
    await shop.advance({ seconds: 4 * DAY + 60 });
    await shop.hear();
    await shop.advance({ seconds: 4 * DAY });
    await shop.hear();
    const notices = await database.db.notice.findMany({ orderBy: { createdAt: "asc" } });
    expect(notices.map(({ kind, data }) => [kind, Object(data).cancelUrl])).toEqual(
      ["trial-started", "trial-ending", "payment-received"].map((kind) => [
        kind,
        cancelUrl(sub, { publicUrl: PUBLIC_URL }),
      ]),
    );
  });

  test("looking at what it would do changes nothing", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop);
    const trialEndsAt = (await shop.membership(shop.reader.id))?.trialEndsAt;
    expect(await look(tokenFor(sub))).toEqual({
      email: shop.reader.email,
      isTrial: true,
      isCharged: false,
      state: "running",
      endsAt: trialEndsAt,
    });
    expect((await shop.stripe.subscriptions.retrieve(sub)).cancel_at_period_end).toBe(false);
  });
});

describe("cancelling by it", () => {
  test("leaves everything open to the end, charges nothing more, and is told once, however often it is pressed", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop);
    await Promise.all([cancel(shop, tokenFor(sub)), cancel(shop, tokenFor(sub))]);
    await cancel(shop, tokenFor(sub));
    expect(await look(tokenFor(sub))).toMatchObject({ state: "cancelled" });
    await shop.hear();
    expect(await count(shop, "membership-cancelled")).toBe(1);
    await shop.advance({ seconds: 40 * DAY });
    await shop.hear();
    expect((await shop.stripe.charges.list()).data).toEqual([]);
    expect(await look(tokenFor(sub))).toMatchObject({ state: "over" });
    expect(await count(shop, "membership-ended")).toBe(1);
  });

  test("can be taken back for a day", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop);
    const undo = (await cancel(shop, tokenFor(sub))) ?? "";
    expect(await keep(shop, undo)).toBe(true);
    expect(await keep(shop, undo)).toBe(true);
    expect(await look(tokenFor(sub))).toMatchObject({ state: "running" });
    await shop.advance({ seconds: 8 * DAY });
    expect((await shop.stripe.charges.list()).data).toMatchObject([{ amount: 300 }]);
    const later = { now: new Date(START.getTime() + DAY * 1_000) };
    expect(await inspectKeepLink(database.db, undo, later)).toBeNull();
  });

  test("ends one with an overdue payment at once, and the payment is not tried again", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop, shop.reader.id, RENEWAL_FAILS);
    await shop.advance({ seconds: 7 * DAY + 7_200 });
    await shop.hear();
    expect(await look(tokenFor(sub))).toMatchObject({ state: "overdue" });
    await cancel(shop, tokenFor(sub));
    expect(await shop.membership(shop.reader.id)).toMatchObject({ status: "CANCELED" });
    const tried = (await shop.stripe.charges.list()).data.length;
    await shop.advance({ seconds: 30 * DAY });
    expect((await shop.stripe.charges.list()).data).toHaveLength(tried);
    expect(await keep(shop, makeToken("keep", sub))).toBe(false);
  });

  test("while Stripe is away says so and changes nothing; pressed again, it works", async () => {
    const shop = await openShop(database.db);
    const sub = await join(shop);
    await shop.trouble({ trouble: "failing" });
    await expect(cancel(shop, tokenFor(sub))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await look(tokenFor(sub))).toMatchObject({ state: "running" });
    await shop.endTrouble();
    expect(await cancel(shop, tokenFor(sub))).not.toBeNull();
  });
});

describe("a link that does not hold", () => {
  test("does nothing: forged, for another purpose, or of a subscription that another has replaced", async () => {
    const shop = await openShop(database.db);
    const first = await join(shop);
    await shop.stripe.subscriptions.cancel(first);
    await shop.hear();
    await shop.advance({ seconds: 60 });
    const second = await join(shop);
    const forged = `${tokenFor(second).split(".")[0]}.AAAAAAAAAAAAAAAAAAAAAA`;
    const bad = ["", forged, makeToken("keep", second), makeToken("unsubscribe", second), tokenFor(first)];
    for (const token of bad) {
      expect(await look(token)).toBeNull();
      expect(await cancel(shop, token)).toBeNull();
    }
    expect(await keep(shop, tokenFor(second))).toBe(false);
    expect((await shop.stripe.subscriptions.retrieve(second)).cancel_at_period_end).toBe(false);
  });
});
