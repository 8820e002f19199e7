import { setTimeout } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { updatePublication } from "@/lib/publication/update-publication";
import { createMembership } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import type { Trouble } from "@/sandbox/stripe/faults";
import { pay } from "@/sandbox/stripe/test-stripe";
import { openShop } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });

async function open() {
  const shop = await openShop(database.db);
  const sessions = async () =>
    (await shop.stripe.checkout.sessions.list({ limit: 100, expand: ["data.line_items"] })).data;
  const customers = async () => (await shop.stripe.customers.list()).data;
  return { ...shop, sessions, customers };
}

describe("what is sold", () => {
  test("after a change of price newcomers pay the new one, members keep theirs, and going back makes a third: none is sold that was archived", async () => {
    const shop = await open();
    const [first, second, third] = [await shop.addReader(), await shop.addReader(), await shop.addReader()];
    await pay(await shop.checkout(first.id));
    const {
      id: _id,
      updatedAt: _at,
      stripePriceId: _price,
      stripeYearlyPriceId: _yearly,
      version,
      ...settings
    } = await database.db.publication.findUniqueOrThrow({ where: { id: 1 } });
    await updatePublication(database.db, { ...settings, priceCents: 500 }, { version });
    await pay(await shop.checkout(second.id));
    await updatePublication(database.db, settings, { version: version + 1 });
    await pay(await shop.checkout(third.id));
    await shop.hear();
    const rows = await Promise.all([first, second, third].map(({ id }) => shop.membership(id)));
    expect(rows.map((row) => row?.amountCents)).toEqual([300, 500, 300]);
    expect(rows[2]?.stripePriceId).not.toBe(rows[0]?.stripePriceId);
    expect((await shop.stripe.prices.list()).data.map(({ active }) => active)).toEqual([true, false, false]);
    expect((await shop.stripe.products.list()).data).toHaveLength(1);
  });
});

describe("who buys", () => {
  test("two clicks at once lead to one session of one customer at one price", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    const answers = await Promise.all([1, 2, 3, 4].map(() => shop.checkout(id)));
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
    expect(await shop.sessions()).toHaveLength(1);
    expect(await shop.customers()).toHaveLength(1);
    expect((await shop.stripe.prices.list()).data).toHaveLength(1);
  });

  test("clicks at once for the month, for the year and from an issue leave one open page, and it is one that was answered", async () => {
    const shop = await openShop(database.db, { yearlyPriceCents: 3_000 });
    const { id } = await shop.addReader();
    const { sessions } = shop.stripe.checkout;
    const create = sessions.create.bind(sessions) as (...given: unknown[]) => Promise<unknown>;
    // As long as Stripe may take: each click has looked before another one's page is there.
    vi.spyOn(sessions, "create").mockImplementation(async (...given) => {
      await setTimeout(300);
      return create(...given) as never;
    });
    const answers = await Promise.all([
      shop.checkout(id, null, "month"),
      shop.checkout(id, null, "year"),
      shop.checkout(id, "one", "year"),
      shop.checkout(id, null, "month"),
    ]);
    const { data: open } = await sessions.list({ status: "open" });
    expect(open).toHaveLength(1);
    expect(answers.map(({ url }) => url)).toContain(open[0]?.url);
  });

  test("a member buys no second subscription, also while the first one's webhook is on its way", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    await pay(await shop.checkout(id));
    await expect(shop.checkout(id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await shop.membership(id))?.status).toBe("TRIALING");
    expect(await shop.sessions()).toHaveLength(1);
  });

  test("somebody who had a trial gets none, though every webhook of it was lost", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    await pay(await shop.checkout(id));
    const [trial] = (await shop.stripe.subscriptions.list()).data;
    await shop.stripe.subscriptions.cancel(trial?.id ?? "");
    const { url } = await shop.checkout(id);
    expect((await shop.sessions())[0]?.amount_total).toBe(300);
    await pay({ url });
    await shop.hear();
    expect(await shop.membership(id)).toMatchObject({ status: "ACTIVE", trialEndsAt: null });
  });

  test("a guest may become a member", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    await createMembership(database.db, id, { source: "COMP" });
    await pay(await shop.checkout(id));
    await shop.hear();
    expect(await shop.membership(id)).toMatchObject({ source: "STRIPE", status: "TRIALING" });
  });

  test("a customer who was deleted at Stripe is replaced", async () => {
    const shop = await open();
    const { id } = await shop.addReader();
    await shop.checkout(id);
    const [before] = await shop.customers();
    await shop.stripe.customers.del(before?.id ?? "");
    await pay(await shop.checkout(id));
    await shop.hear();
    expect((await shop.membership(id))?.status).toBe("TRIALING");
  });

  test("a customer of an account used before is replaced, and what was bought there ends", async () => {
    const shop = await open();
    const { id } = await shop.addReader({ stripeCustomerId: "cus_of_another_account" });
    await createMembership(database.db, id, { source: "STRIPE", status: "CANCELED" });
    await pay(await shop.checkout(id));
    await shop.hear();
    expect((await shop.membership(id))?.status).toBe("TRIALING");
  });
});

describe("S11: when Stripe is troubled", () => {
  const POSTS = ["POST /v1/customers", "POST /v1/products", "POST /v1/prices", "POST /v1/checkout/sessions"];
  test.each<[Trouble]>([["down"], ["busy"], ["failing"], ["hidden"]])(
    "%s: a plain message, no try is counted, nothing is left",
    async (trouble) => {
      const shop = await openShop(database.db);
      const { id } = await shop.addReader();
      await shop.trouble({ trouble });
      for (let tries = 0; tries < 6; tries += 1) {
        await expect(shop.checkout(id)).rejects.toMatchObject({
          code: "UNAVAILABLE",
          message: expect.stringContaining("Nothing was charged"),
          retryAfterSeconds: 60,
        });
      }
      await shop.endTrouble();
      expect((await shop.checkout(id)).url).toContain("/c/pay/");
    },
  );

  test.each(POSTS)("an answer to %s that was lost makes nothing twice when tried again", async (lost) => {
    const shop = await openShop(database.db);
    const { id } = await shop.addReader();
    await shop.trouble({ trouble: "cut", call: lost });
    await expect(shop.checkout(id)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await shop.endTrouble();
    await shop.checkout(id);
    const { stripe } = shop;
    const lists = [stripe.customers, stripe.products, stripe.prices, stripe.checkout.sessions];
    const counts = await Promise.all(lists.map(async (each) => (await each.list()).data.length));
    expect(counts).toEqual([1, 1, 1, 1]);
  });
});
