import { beforeEach, describe, expect, test } from "vitest";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { opensPaidIssues } from "./access";
import { endComp, endOfDay, grantComp } from "./comp";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-24T09:00:00Z");
const later = new Date("2026-12-31T23:59:59.999Z");
const opens = (membership: Parameters<typeof opensPaidIssues>[0], at = now) =>
  opensPaidIssues(membership, { now: at, graceDays: 7 });

let subscriberId: string;
beforeEach(async () => {
  subscriberId = (await createSubscriber(database.db)).id;
});
const stored = () => database.db.membership.findUniqueOrThrow({ where: { subscriberId } });
const grant = (endsAt: Date | null) => grantComp(database.db, { subscriberId, endsAt }, { now });

describe("a comp", () => {
  test("opens paid issues until its end, and a second one moves the end", async () => {
    await grant(later);
    expect(opens(await stored())).toBe(true);
    expect(opens(await stored(), new Date(later.getTime() + 1))).toBe(false);
    await grant(null);
    expect(await stored()).toMatchObject({ source: "COMP", status: "ACTIVE", endsAt: null });
  });

  test("takes the place of a membership that has ended", async () => {
    await createMembership(database.db, subscriberId, {
      source: "STRIPE",
      status: "CANCELED",
      stripeSubscriptionId: "sub_1",
      endsAt: new Date("2026-01-01T00:00:00Z"),
      cancelAtPeriodEnd: true,
    });
    await grant(null);
    expect(opens(await stored())).toBe(true);
    expect(await stored()).toMatchObject({ stripeSubscriptionId: null, cancelAtPeriodEnd: false });
  });

  test.each(["TRIALING", "ACTIVE", "PAST_DUE", "UNPAID", "PAUSED"] as const)(
    "is refused to somebody whose Stripe subscription is %s, and changes nothing",
    async (status) => {
      const before = await createMembership(database.db, subscriberId, {
        source: "STRIPE",
        status,
        stripeSubscriptionId: "sub_1",
      });
      await expect(grant(null)).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await endComp(database.db, subscriberId, { now })).toBe(false);
      expect(await stored()).toEqual(before);
    },
  );

  test("is refused for a day that has passed and for nobody", async () => {
    await expect(grant(now)).rejects.toMatchObject({
      code: "INVALID",
      fields: { endsOn: expect.any(String) },
    });
    subscriberId = crypto.randomUUID();
    await expect(grant(null)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("ends at once, and once", async () => {
    await grant(later);
    expect(await endComp(database.db, subscriberId, { now })).toBe(true);
    expect(await endComp(database.db, subscriberId, { now })).toBe(false);
    expect(opens(await stored())).toBe(false);
  });
});

test.each([
  ["2026-12-31", "UTC", "2026-12-31T23:59:59.999Z"],
  ["2026-12-31", "America/New_York", "2027-01-01T04:59:59.999Z"],
  ["", "UTC", null],
])("the end of %s in %s is %s", (day, zone, expected) => {
  expect(endOfDay(day, zone)?.toISOString() ?? null).toBe(expected);
});

test.each(["2026-02-30", "tomorrow", "2026-1-1", "2026-12-31T10:00"])("%s is no day", (day) => {
  expect(() => endOfDay(day, "UTC")).toThrow(/day/);
});
