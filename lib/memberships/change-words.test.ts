import { expect, test } from "vitest";
import type { MembershipSnapshot } from "./change";
import { changeInWords, priceInWords, reasonInWords } from "./change-words";
import { NO_DISCOUNT } from "./discount";

const at = new Date("2026-06-15T12:00:00Z");
const on = (day: string) => new Date(`2026-${day}T12:00:00Z`);
const options = { at, language: "en", timeZone: "UTC" };

const trial: MembershipSnapshot = {
  source: "STRIPE",
  status: "TRIALING",
  startedAt: on("06-15"),
  trialEndsAt: on("06-22"),
  currentPeriodEndsAt: on("06-22"),
  cancelAtPeriodEnd: false,
  followsFreeTime: false,
  disputed: false,
  pausedFrom: null,
  resumesAt: null,
  pastDueSince: null,
  endsAt: null,
  amountCents: 300,
  currency: "usd",
  intervalMonths: 1,
  dueCents: null,
  ...NO_DISCOUNT,
};
const paid: MembershipSnapshot = { ...trial, status: "ACTIVE", currentPeriodEndsAt: on("07-22") };
const comp: MembershipSnapshot = {
  ...trial,
  source: "COMP",
  status: "ACTIVE",
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  amountCents: null,
  currency: null,
  intervalMonths: null,
};

test.each<[string, MembershipSnapshot | null, MembershipSnapshot, string[]]>([
  ["a trial began", null, trial, ["Became trial", "$3 a month", "Trial until 22 June 2026"]],
  ["a trial was paid", trial, paid, ["From trial to paid", "Paid until 22 July 2026"]],
  [
    "a member cancelled",
    paid,
    { ...paid, cancelAtPeriodEnd: true, endsAt: on("07-22") },
    ["From paid to cancelling", "Ends on 22 July 2026"],
  ],
  [
    "a member took it back",
    { ...paid, cancelAtPeriodEnd: true, endsAt: on("07-22") },
    paid,
    ["From cancelling to paid", "The cancellation was taken back"],
  ],
  [
    "a payment was disputed",
    { ...paid, pausedFrom: on("07-22") },
    { ...paid, pausedFrom: on("07-22"), status: "UNPAID", disputed: true },
    ["A payment is disputed: nothing is open until the bank decides"],
  ],
  ["a dispute was won", { ...paid, disputed: true }, paid, ["The dispute is over"]],
  [
    "a guest took a membership for later",
    comp,
    { ...trial, followsFreeTime: true },
    ["From guest to trial", "$3 a month", "First charge on 22 June 2026"],
  ],
  [
    "a payment failed",
    paid,
    { ...paid, status: "PAST_DUE", pastDueSince: at, dueCents: 300 },
    ["From paid to past due", "$3 is owed"],
  ],
  [
    "a discount began",
    paid,
    {
      ...paid,
      discountCode: "HALF",
      discountCents: 150,
      recurringDiscountCents: 150,
      discountEndsAt: on("09-15"),
    },
    ["$1.50 off with HALF until 15 September 2026"],
  ],
  ["a discount ended", { ...paid, discountCode: "HALF", discountCents: 150 }, paid, ["The discount ended"]],
  ["a month was paid", paid, { ...paid, currentPeriodEndsAt: on("08-22") }, ["Paid until 22 August 2026"]],
  [
    "another price",
    paid,
    { ...paid, amountCents: 3_000, intervalMonths: 12 },
    ["From $3 a month to $30 a year"],
  ],
  [
    "it ended",
    paid,
    { ...paid, status: "CANCELED", endsAt: on("06-14") },
    ["From paid to ended", "Ended on 14 June 2026"],
  ],
  ["a comp", null, { ...comp, endsAt: on("12-31") }, ["Became guest", "Ends on 31 December 2026"]],
  ["a comp without an end", { ...comp, endsAt: on("12-31") }, comp, ["Without an end"]],
  ["what nobody needs to know", paid, { ...paid, startedAt: on("06-01") }, ["Details at Stripe"]],
])("%s", (_name, before, after, expected) => {
  expect(changeInWords(before, after, options)).toEqual(expected);
});

test.each([
  [1, "$9 a month"],
  [12, "$9 a year"],
  [3, "$9 each 3 months"],
  [null, "$9"],
])("a price each %s months reads %s", (intervalMonths, expected) => {
  expect(priceInWords({ amountCents: 900, currency: "usd", intervalMonths }, "en")).toBe(expected);
});

test("Stripe's reasons are told, the author's own stay as they are", () => {
  expect(reasonInWords("cancellation_requested")).toBe("asked for by the reader");
  expect(reasonInWords("She proofreads")).toBe("She proofreads");
});
