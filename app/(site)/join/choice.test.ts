import { describe, expect, test } from "vitest";
import { z } from "zod";
import { choiceFields, joinPath, readChoice } from "./choice";

const form = z.strictObject(choiceFields);

describe("what a browser may say about a purchase", () => {
  test.each([[{ plan: "month" }], [{ plan: "year" }], [{}], [{ issue: "a-first-issue", plan: "year" }]])(
    "is taken: %j",
    (given) => {
      expect(form.safeParse(given).success).toBe(true);
    },
  );

  test.each([
    ["another word", { plan: "day" }],
    ["an empty interval", { plan: "" }],
    ["a Stripe price", { plan: "price_1234" }],
    ["an interval twice", { plan: ["month", "year"] }],
    ["a price", { plan: "month", price: "price_1234" }],
    ["an amount", { plan: "month", amount: "1" }],
    ["a trial", { plan: "month", trialDays: "90" }],
    ["a coupon", { plan: "month", coupon: "FREE" }],
    ["a promotion code", { plan: "month", promotion_code: "promo_1" }],
    ["a customer", { plan: "month", customer: "cus_1" }],
    ["metadata", { plan: "month", "metadata[subscriberId]": "another" }],
    ["an address to return to", { plan: "month", success_url: "https://evil.example" }],
    ["an issue that is no slug", { issue: "//evil.example" }],
  ])("B72: %s is refused", (_name, given) => {
    expect(form.safeParse(given).success).toBe(false);
  });
});

test.each([
  [{}, "/join"],
  [{ plan: "year" }, "/join?plan=year"],
  [{ issue: "one", plan: "year" }, "/join?issue=one&plan=year"],
  [{ issue: "//evil.example", plan: "week" }, "/join"],
  [{ issue: ["one"], plan: ["year"] }, "/join"],
])("the page for %j is %s", (given, path) => {
  expect(joinPath(readChoice(given))).toBe(path);
});
