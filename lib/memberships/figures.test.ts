import { describe, expect, test } from "vitest";
import { NO_DISCOUNT } from "./discount";
import {
  amountsDue,
  type CountedMembership,
  churn,
  countStates,
  graceEndsAt,
  memberStateOf,
  monthlyRevenue,
  nextChargeAt,
  stateSince,
  trialConversion,
} from "./figures";

const now = new Date("2026-06-15T12:00:00Z");
const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000);

function row(overrides: Partial<CountedMembership> = {}): CountedMembership {
  return {
    source: "STRIPE",
    status: "ACTIVE",
    startedAt: day(-100),
    trialEndsAt: day(-93),
    currentPeriodEndsAt: day(10),
    cancelAtPeriodEnd: false,
    pausedFrom: null,
    pastDueSince: null,
    endsAt: null,
    amountCents: 300,
    currency: "usd",
    intervalMonths: 1,
    dueCents: null,
    ...NO_DISCOUNT,
    ...overrides,
  };
}

const trial = { status: "TRIALING", startedAt: day(-2), trialEndsAt: day(5) } as const;
const pastDue = { status: "PAST_DUE", pastDueSince: day(-3), dueCents: 300 } as const;
const comp = { source: "COMP", amountCents: null, currency: null, intervalMonths: null } as const;

test.each<[string, Partial<CountedMembership>, ReturnType<typeof memberStateOf>, Date, Date | null]>([
  ["a trial", trial, "trial", day(-2), day(5)],
  [
    "a trial that was cancelled",
    { ...trial, cancelAtPeriodEnd: true, endsAt: day(5) },
    "cancelling",
    day(-2),
    null,
  ],
  ["a member who pays", {}, "paid", day(-93), day(10)],
  ["a member who had no trial", { trialEndsAt: null }, "paid", day(-100), day(10)],
  ["a member who cancelled", { cancelAtPeriodEnd: true, endsAt: day(10) }, "cancelling", day(-100), null],
  ["a failed payment", pastDue, "past-due", day(-3), null],
  ["a payment that failed for good", { status: "UNPAID", dueCents: 300 }, "past-due", day(-100), null],
  ["a first payment that is missing", { status: "INCOMPLETE" }, "past-due", day(-100), null],
  ["a first payment that never came", { status: "INCOMPLETE_EXPIRED" }, "ended", day(-100), null],
  ["a pause", { status: "PAUSED" }, "paused", day(-100), null],
  ["a membership that ended", { status: "CANCELED", endsAt: day(-1) }, "ended", day(-1), null],
  [
    "one whose last day has passed and Stripe has not told",
    { cancelAtPeriodEnd: true, endsAt: day(-1) },
    "ended",
    day(-1),
    null,
  ],
  ["a comp", comp, "guest", day(-100), null],
  ["a gift until a day", { ...comp, source: "GIFT", endsAt: day(3) }, "guest", day(-100), null],
  ["a comp that ended", { ...comp, endsAt: day(-3) }, "ended", day(-3), null],
])("%s", (_name, overrides, state, since, next) => {
  const membership = row(overrides);
  expect(memberStateOf(membership, now)).toBe(state);
  expect(stateSince(membership, now)).toEqual(since);
  expect(nextChargeAt(membership, now)).toEqual(next);
});

test("access ends the days of grace after the trouble began, and only a failed payment has such a day", () => {
  expect(graceEndsAt(row(pastDue), 7)).toEqual(day(4));
  expect(graceEndsAt(row(), 7)).toBeNull();
});

test("everybody is in one state, and who reads is decided by the gate", () => {
  const rows = [row(), row(trial), row(pastDue), row({ ...pastDue, pastDueSince: day(-8) }), row(comp)];
  const { states, members } = countStates(rows, { now, graceDays: 7 });
  expect(states).toEqual({
    trial: 1,
    paid: 1,
    "past-due": 2,
    cancelling: 0,
    guest: 1,
    paused: 0,
    ended: 0,
  });
  expect(members).toBe(4);
});

const yearly = (amountCents: number) => row({ amountCents, intervalMonths: 12 });

test.each<[string, CountedMembership[], [string, number][]]>([
  ["nobody brings nothing", [], []],
  ["months add up", [row(), row({ amountCents: 500 })], [["usd", 800]]],
  ["a year is twelve months", [yearly(3_000)], [["usd", 250]]],
  [
    "years are rounded together, not one by one",
    [yearly(3_001), yearly(3_001), yearly(3_001)],
    [["usd", 750]],
  ],
  ["half a cent is rounded up", [yearly(3_006)], [["usd", 251]]],
  ["a price each three months is a third", [row({ amountCents: 900, intervalMonths: 3 })], [["usd", 300]]],
  ["a failed payment still recurs", [row(pastDue)], [["usd", 300]]],
  [
    "currencies stay apart, the larger first",
    [row(), row({ currency: "eur", amountCents: 400 })],
    [
      ["eur", 400],
      ["usd", 300],
    ],
  ],
  [
    "trials, comps, cancelled, unpaid, paused and ended bring nothing",
    [
      row(trial),
      row(comp),
      row({ cancelAtPeriodEnd: true, endsAt: day(10) }),
      row({ ...pastDue, cancelAtPeriodEnd: true, endsAt: day(10) }),
      row({ status: "UNPAID" }),
      row({ status: "INCOMPLETE" }),
      row({ status: "PAUSED" }),
      row({ status: "CANCELED", endsAt: day(-1) }),
    ],
    [],
  ],
  [
    "running discounts are taken off, those for once are not",
    [
      row({ recurringDiscountCents: 150 }),
      row({ recurringDiscountCents: 150, discountEndsAt: day(1) }),
      row({ recurringDiscountCents: 150, discountEndsAt: day(0) }),
      row({ recurringDiscountCents: 0 }),
    ],
    [["usd", 900]],
  ],
  [
    "a year with a discount counts its twelfth, and halves of all together round up",
    [row({ amountCents: 3_000, intervalMonths: 12, recurringDiscountCents: 294 })],
    [["usd", 226]],
  ],
  [
    "parts that are no whole cents add up before they are rounded",
    [
      row({ amountCents: 1_000, intervalMonths: 12 }),
      row({ amountCents: 1_000, intervalMonths: 12 }),
      row({ amountCents: 1_000, intervalMonths: 12 }),
      row({ amountCents: 100, intervalMonths: 3 }),
      row({ amountCents: 100, intervalMonths: 3 }),
      row({ amountCents: 100, intervalMonths: 3 }),
    ],
    [["usd", 350]],
  ],
])("monthly: %s", (_name, rows, expected) => {
  expect(monthlyRevenue(rows, now)).toEqual(
    expected.map(([currency, amountCents]) => ({ currency, amountCents })),
  );
});

test("what is owed is added up by currency, without what ended", () => {
  const rows = [
    row(pastDue),
    row({ ...pastDue, dueCents: 600 }),
    row({ ...pastDue, currency: "eur" }),
    row({ ...pastDue, endsAt: day(-1) }),
    row(),
  ];
  expect(amountsDue(rows, now)).toEqual([
    { currency: "usd", amountCents: 900 },
    { currency: "eur", amountCents: 300 },
  ]);
});

describe("conversion of trials", () => {
  test.each<[string, number, number | null, [number, number]]>([
    ["paid", -10, -9.9, [1, 1]],
    ["not paid", -10, null, [0, 1]],
    ["ended at this moment", 0, null, [0, 1]],
    ["runs still", 1, null, [0, 0]],
    ["ended on the last day that counts", -89.9, -89, [1, 1]],
    ["ended before the days that count", -90, -89, [0, 0]],
  ])("a trial that %s", (_name, endsAt, paidAt, [part, whole]) => {
    const trials = [{ endsAt: day(endsAt), firstPaidAt: paidAt === null ? null : day(paidAt) }];
    expect(trialConversion(trials, { now, days: 90 })).toEqual({ part, whole });
  });
});

describe("churn", () => {
  test.each<[string, number, number | null, [number, number]]>([
    ["stays", -60, null, [0, 1]],
    ["left", -60, -5, [1, 1]],
    ["left before", -60, -31, [0, 0]],
    ["left at the moment when counting begins", -60, -30, [0, 0]],
    ["came since", -20, null, [0, 0]],
    ["came and left since", -20, -5, [0, 0]],
    ["leaves later", -60, 5, [0, 1]],
  ])("somebody who %s", (_name, firstPaidAt, endedAt, [part, whole]) => {
    const times = [{ firstPaidAt: day(firstPaidAt), endedAt: endedAt === null ? null : day(endedAt) }];
    expect(churn(times, { now, days: 30 })).toEqual({ part, whole });
  });
});
