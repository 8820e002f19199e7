import { beforeEach, expect, test } from "vitest";
import { createMembership, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { countAudience, countMembers, readersByWeek } from "./audience";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-24T09:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

beforeEach(async () => {
  await createPublication(database.db, { graceDays: 7 });
});

async function member(
  overrides: Parameters<typeof createMembership>[2],
  status: "CONFIRMED" | "UNSUBSCRIBED" = "CONFIRMED",
) {
  const subscriber = await createSubscriber(database.db, { status });
  await createMembership(database.db, subscriber.id, overrides);
}

test("members are counted by the gate's own rule: what has ended or ran out of grace is none", async () => {
  const stripe = { source: "STRIPE", amountCents: 300, currency: "usd" } as const;
  await createSubscriber(database.db);
  await member({ ...stripe, status: "ACTIVE", stripeSubscriptionId: "sub_1" });
  await member({ ...stripe, status: "ACTIVE", stripeSubscriptionId: "sub_2", currency: "eur" });
  await member({ ...stripe, status: "ACTIVE", stripeSubscriptionId: "sub_3" }, "UNSUBSCRIBED");
  await member({ ...stripe, status: "TRIALING" });
  await member({ ...stripe, status: "PAST_DUE", pastDueSince: daysAgo(2) });
  await member({ ...stripe, status: "PAST_DUE", pastDueSince: daysAgo(8) });
  await member({ ...stripe, status: "CANCELED" });
  await member({ source: "COMP", status: "ACTIVE", endsAt: null });
  await member({ source: "COMP", status: "ACTIVE", endsAt: daysAgo(1) });
  expect(await countAudience(database.db, { now })).toEqual({ confirmed: 9, members: 5 });
  const members = await countMembers(database.db, { now });
  expect(members).toMatchObject({ trials: 1, paying: 3, overdue: 1, free: 1 });
  expect(new Map(members.monthly.map((sum) => [sum.currency, sum.amountCents]))).toEqual(
    new Map([
      ["usd", 1_200],
      ["eur", 300],
    ]),
  );
});

test("growth is a running total week by week, with who joined, left and was closed in the last one", async () => {
  const { db } = database;
  for (const days of [30, 15, 8, 3, 1]) await createSubscriber(db, { confirmedAt: daysAgo(days) });
  await createSubscriber(db, {
    status: "UNSUBSCRIBED",
    confirmedAt: daysAgo(30),
    unsubscribedAt: daysAgo(2),
  });
  await createSubscriber(db, {
    status: "UNSUBSCRIBED",
    confirmedAt: daysAgo(30),
    unsubscribedAt: daysAgo(9),
  });
  await createSubscriber(db, {
    status: "UNSUBSCRIBED",
    confirmedAt: daysAgo(4),
    unsubscribedAt: daysAgo(2),
  });
  const closed = (confirmedAt: Date | null, suppressedAt: Date) =>
    createSubscriber(db, {
      status: "SUPPRESSED",
      confirmedAt,
      suppressedAt,
      suppressedReason: "bounced",
    });
  await closed(daysAgo(5), daysAgo(1));
  await closed(daysAgo(30), daysAgo(1));
  await closed(daysAgo(30), daysAgo(9));
  await closed(null, daysAgo(1));
  const growth = await readersByWeek(db, { now, weeks: 3 });
  expect(growth.weeks.map((week) => week.total)).toEqual([2, 3, 5]);
  expect(growth.weeks.at(-1)?.end).toEqual(now);
  expect(growth).toMatchObject({ joined: 4, left: 2, closed: 2 });
});
