import { expect, test } from "vitest";
import { NO_DISCOUNT } from "@/lib/memberships/discount";
import type { PublicationSettings } from "@/lib/publication/queries";
import { type StatusMembership, statusLine } from "./status-line";

const publication = {
  name: "Gazette",
  graceDays: 7,
  language: "en",
  timeZone: "UTC",
  priceCents: 300,
  currency: "usd",
} as PublicationSettings;
const now = new Date("2026-11-20T09:00:00Z");
const membership = (some: Partial<StatusMembership>): StatusMembership => ({
  source: "STRIPE",
  status: "ACTIVE",
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  cancelAtPeriodEnd: false,
  pausedFrom: null,
  pastDueSince: null,
  endsAt: null,
  amountCents: 300,
  currency: "usd",
  intervalMonths: 1,
  followsFreeTime: false,
  ...NO_DISCOUNT,
  ...some,
});
const december = new Date("2026-12-01T00:00:00Z");

test.each<[string, StatusMembership | null, string]>([
  ["no membership", null, "You are a free subscriber of Gazette."],
  ["a cancelled one", membership({ status: "CANCELED" }), "You are a free subscriber of Gazette."],
  [
    "a trial",
    membership({ status: "TRIALING", trialEndsAt: december }),
    "You are on trial until 1 December 2026; then $3 a month is charged, unless you cancel before.",
  ],
  [
    "one that follows a gift",
    membership({ status: "TRIALING", trialEndsAt: december, followsFreeTime: true }),
    "You are a member of Gazette, and pay nothing until 1 December 2026; then $3 a month is charged, unless you cancel before.",
  ],
  [
    "a trial that was cancelled",
    membership({ status: "TRIALING", trialEndsAt: december, cancelAtPeriodEnd: true }),
    "You are a member of Gazette until 1 December 2026. Nothing will be charged.",
  ],
  [
    "a paid one",
    membership({ currentPeriodEndsAt: december }),
    "You are a member of Gazette. Your membership renews on 1 December 2026 for $3 a month.",
  ],
  [
    "a yearly one",
    membership({ currentPeriodEndsAt: december, amountCents: 3_000, intervalMonths: 12 }),
    "You are a member of Gazette. Your membership renews on 1 December 2026 for $30 a year.",
  ],
  [
    "one with a discount",
    membership({
      currentPeriodEndsAt: december,
      discountCode: "HALF",
      discountCents: 150,
      recurringDiscountCents: 150,
    }),
    "You are a member of Gazette. Your membership renews on 1 December 2026 for $1.50 a month, with HALF.",
  ],
  [
    "one that ends",
    membership({ currentPeriodEndsAt: december, endsAt: december }),
    "You are a member of Gazette until 1 December 2026. Nothing will be charged.",
  ],
  [
    "a failed payment within its grace",
    membership({ status: "PAST_DUE", pastDueSince: new Date("2026-11-19T00:00:00Z") }),
    "Your last payment did not go through. Please update your card.",
  ],
  ["a comp", membership({ source: "COMP" }), "You are a member of Gazette, with its author's compliments."],
])("%s", (_name, given, line) => {
  expect(statusLine(given, publication, now)).toBe(line);
});
