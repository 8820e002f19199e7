import { DateTime } from "luxon";
import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { makeToken } from "@/lib/tokens";
import { useTestDatabase } from "@/prisma/test-database";
import { opensPaidIssues } from "./access";
import { cancelByLink, inspectCancelLink } from "./cancel-by-link";
import { findDrift } from "./drift";
import { readFigures } from "./figures-queries";
import { chargeAfter, pauseMembership, resumeMembership } from "./pause-membership";
import { whyNoPause } from "./pause-words";
import { reconcileMemberships } from "./reconcile";
import { openShop, services } from "./shop.fixture";

const database = useTestDatabase({ emptyEachTime: true });
/** The shop's first day: a month is paid to 5 February. */
const at = (day: string) => new Date(`2026-${day}:00Z`);

async function open(settings: Parameters<typeof openShop>[1] = {}, joins = true) {
  const { db } = database;
  const shop = await openShop(db, { trialDays: 0, ...settings });
  const { id } = shop.reader;
  if (joins) await shop.checkOut(id);
  await shop.hear();
  return {
    ...shop,
    pause: (months: 1 | 2 | 3, now = services.now) =>
      pauseMembership(db, shop.stripe, { subscriberId: id, months }, { ...services, now }),
    resume: (now = services.now) => resumeMembership(db, shop.stripe, id, { ...services, now }),
    to: async (day: string) => {
      await shop.advance({ to: at(day).toISOString() });
      await shop.hear();
    },
    isOpen: async (day: string) => opensPaidIssues(await shop.membership(id), { now: at(day), graceDays: 7 }),
    paid: async () =>
      (await shop.stripe.charges.list({ limit: 100 })).data.filter(({ status }) => status === "succeeded")
        .length,
    told: () => shop.mails(id),
    /** To the minute: paying takes the sandbox a second. */
    row: async () => {
      const row = await shop.membership(id);
      const minute = (moment: Date | null | undefined) => moment?.toISOString().slice(5, 16) ?? null;
      return {
        ...row,
        pausedFrom: minute(row?.pausedFrom),
        resumesAt: minute(row?.resumesAt),
        currentPeriodEndsAt: minute(row?.currentPeriodEndsAt),
      };
    },
  };
}

describe("a pause", () => {
  test("leaves out the charges that were asked for, closes after the paid month, and goes on by itself", async () => {
    const shop = await open();
    await shop.pause(2);
    expect(await shop.row()).toMatchObject({
      status: "ACTIVE",
      pausedFrom: "02-05T09:00",
      resumesAt: "04-05T08:00",
    });
    expect([await shop.isOpen("02-05T08:59"), await shop.isOpen("02-05T09:01")]).toEqual([true, false]);
    await shop.to("03-20T09:00");
    expect(await shop.paid()).toBe(1);
    expect(await shop.row()).toMatchObject({ pausedFrom: "02-05T09:00", resumesAt: "04-05T08:00" });
    expect(await shop.isOpen("03-20T09:00")).toBe(false);
    await shop.to("04-05T12:00");
    expect(await shop.paid()).toBe(2);
    expect(await shop.row()).toMatchObject({
      status: "ACTIVE",
      pausedFrom: null,
      resumesAt: null,
      currentPeriodEndsAt: "05-05T09:00",
    });
    expect(await shop.isOpen("04-05T12:00")).toBe(true);
    expect(await shop.told()).toEqual(["payment-received", "membership-paused", "payment-received"]);
  });

  test("depends on Stripe's state alone: the events again, backwards, change nothing", async () => {
    const shop = await open();
    await shop.pause(1);
    await shop.to("02-20T09:00");
    const before = await shop.row();
    await database.db.stripeEvent.deleteMany();
    await shop.receiveAll((await shop.events()).toReversed());
    expect({ ...(await shop.row()), updatedAt: null }).toEqual({ ...before, updatedAt: null });
    expect(await shop.told()).toEqual(["payment-received", "membership-paused"]);
  });

  test("is reminded of three days before, once, by the hourly look", async () => {
    const shop = await open();
    await shop.pause(1);
    for (const day of ["03-02T07:00", "03-02T08:05", "03-04T09:00"])
      await reconcileMemberships(database.db, shop.stripe, { ...services, now: at(day) });
    expect(await shop.told()).toEqual(["payment-received", "membership-paused", "pause-ending"]);
    const { data } = await database.db.notice.findFirstOrThrow({ where: { kind: "pause-ending" } });
    expect(data).toMatchObject({
      chargeAt: expect.stringMatching(/^2026-03-05T08:00/),
      priceLabel: "$3 a month",
    });
  });

  test("counts as paused and brings nothing, and is no drift", async () => {
    const shop = await open();
    await shop.pause(1);
    const figures = await readFigures(database.db, { now: services.now });
    expect(figures).toMatchObject({ monthly: [], states: { paused: 1, paid: 0 } });
    expect((await findDrift(database.db, shop.stripe, services)).drifts).toEqual([]);
    const before = await shop.row();
    await shop.stripe.subscriptions.update(String(before.stripeSubscriptionId), { pause_collection: "" });
    expect((await findDrift(database.db, shop.stripe, services)).drifts).toMatchObject([{ kind: "dates" }]);
  });

  test("asked for twice is one pause with one mail; after it was taken back, another one is told anew", async () => {
    const shop = await open();
    await Promise.all([shop.pause(1), shop.pause(1)]);
    await shop.pause(3);
    expect((await shop.row()).resumesAt).toBe("03-05T08:00");
    expect(await shop.resume()).toBe(false);
    await shop.pause(1, new Date(services.now.getTime() + 60_000));
    expect(await shop.told()).toEqual(["payment-received", "membership-paused", "membership-paused"]);
  });
});

test("cancelled by the link of a mail while it is closed, it ends at once", async () => {
  const shop = await open();
  await shop.pause(3);
  await shop.to("02-20T09:00");
  const token = makeToken("cancel", String((await shop.row()).stripeSubscriptionId));
  const then = { ...services, now: at("02-20T09:00") };
  expect(await inspectCancelLink(database.db, token, then)).toMatchObject({ state: "paused" });
  await cancelByLink(database.db, shop.stripe, token, then);
  expect(await shop.row()).toMatchObject({ status: "CANCELED", pausedFrom: null });
});

describe("taken back", () => {
  test("while the paid month runs, it goes on as if nothing had been", async () => {
    const shop = await open();
    await shop.pause(1);
    expect(await shop.resume()).toBe(false);
    expect(await shop.row()).toMatchObject({ pausedFrom: null, currentPeriodEndsAt: "02-05T09:00" });
    await shop.to("02-05T12:00");
    expect(await shop.paid()).toBe(2);
  });

  test("after it, a new month is charged and opens at once; two presses charge once", async () => {
    const shop = await open();
    await shop.pause(3);
    await shop.to("02-20T09:00");
    const answers = await Promise.all([shop.resume(at("02-20T09:00")), shop.resume(at("02-20T09:00"))]);
    expect(answers).toContain(true);
    expect(await shop.resume(at("02-20T09:00"))).toBe(false);
    expect(await shop.paid()).toBe(2);
    expect(await shop.row()).toMatchObject({ pausedFrom: null, currentPeriodEndsAt: "03-20T09:00" });
    expect(await shop.isOpen("02-20T09:00")).toBe(true);
  });
});

describe("no pause", () => {
  test("in a trial, with the reason", async () => {
    const shop = await open({ trialDays: 7 });
    await expect(shop.pause(1)).rejects.toThrow("A trial cannot be paused");
  });

  test("while a payment is missing", async () => {
    const shop = await open({ trialDays: 7 }, false);
    await shop.checkOut(shop.reader.id, "4000000000000341");
    await shop.to("01-13T09:00");
    await expect(shop.pause(1)).rejects.toThrow("A payment is missing");
  });

  test("of a year", () => {
    const member = {
      source: "STRIPE",
      status: "ACTIVE",
      cancelAtPeriodEnd: false,
      disputed: false,
      pausedFrom: null,
    } as const;
    expect(whyNoPause({ ...member, intervalMonths: 12 })).toContain("Only a monthly membership");
    expect(whyNoPause({ ...member, intervalMonths: 1 })).toBeNull();
  });

  test("of a cancelled one, and of none", async () => {
    const shop = await open();
    const { stripeSubscriptionId } = await shop.row();
    await shop.stripe.subscriptions.update(String(stripeSubscriptionId), { cancel_at_period_end: true });
    await expect(shop.pause(1)).rejects.toThrow("cancelled already");
    const none = await shop.addReader();
    const nothing = pauseMembership(database.db, shop.stripe, { subscriberId: none.id, months: 1 }, services);
    await expect(nothing).rejects.toThrow("no paid membership");
  });

  test("while the charge of the new month is on its way", async () => {
    const shop = await open();
    await shop.to("02-05T09:30");
    await expect(shop.pause(1)).rejects.toThrow("on its way");
  });
});

test("a disputed payment is said to be disputed, until the bank has decided", async () => {
  const shop = await open();
  const [charge] = (await shop.stripe.charges.list()).data;
  const dispute = await shop.dispute(charge?.id ?? "");
  await shop.hear();
  expect(await shop.row()).toMatchObject({ status: "UNPAID", disputed: true });
  await expect(shop.pause(1)).rejects.toThrow("deciding over a payment");
  await shop.decide(dispute.id, "won");
  await shop.hear();
  expect(await shop.row()).toMatchObject({ status: "ACTIVE", disputed: false });
});

test.each([
  ["2026-01-31", "2026-02-28", 1, "2026-03-31"],
  ["2026-01-31", "2026-03-31", 2, "2026-05-31"],
  ["2026-01-30", "2026-02-28", 3, "2026-05-30"],
  ["2026-01-05", "2026-02-05", 1, "2026-03-05"],
  ["2026-01-05", "2026-02-09", 1, "2026-03-09"],
])("anchored on %s and paid to %s, %s charges left out lead to %s", (anchor, end, months, expected) => {
  const seconds = (day: string) => DateTime.fromISO(day, { zone: "utc" }).toSeconds();
  const items = { data: [{ current_period_end: seconds(end) }] } as Stripe.Subscription["items"];
  const charge = chargeAfter({ billing_cycle_anchor: seconds(anchor), items }, months);
  expect(charge.toISOString().slice(0, 10)).toBe(expected);
});
