import { describe, expect, test } from "vitest";
import { openSandbox, startTrial } from "@/sandbox/stripe/test-stripe";
import { codeForm, readNewCode } from "./code-input";
import { listCodes, makeCode, switchCode } from "./codes";

const now = new Date("2026-01-05T09:00:00Z");
const settings = { currency: "usd", timeZone: "Europe/London", now };
const NONCE = "5f0c1b5a-6f4e-4b1e-9f53-0c7a9a1f2b3c";
const TYPED = {
  code: "masthead50",
  kind: "percent",
  value: "50",
  duration: "repeating",
  months: "3",
  maxUses: "2",
  lastDay: "2026-06-30",
  nonce: NONCE,
};

const read = (typed: Record<string, string> = {}) =>
  readNewCode(codeForm.parse({ ...TYPED, ...typed }), settings);

describe("what the author types", () => {
  test("becomes a code whose last day counts in the publication's time zone", () => {
    expect(read()).toEqual({
      code: "MASTHEAD50",
      percentOff: 50,
      amountOff: null,
      duration: "repeating",
      months: 3,
      maxUses: 2,
      expiresAt: new Date("2026-06-30T23:00:00Z"),
    });
  });

  test("may be an amount, in the publication's currency, without limits", () => {
    const typed = { kind: "amount", value: "1.50", duration: "once", months: "", maxUses: "", lastDay: "" };
    expect(read(typed)).toMatchObject({
      amountOff: { amountCents: 150, currency: "usd" },
      percentOff: null,
      months: null,
      maxUses: null,
      expiresAt: null,
    });
  });

  test.each([
    ["value", "0"],
    ["value", "100.5"],
    ["value", "fifty"],
    ["value", ""],
    ["value", "-5"],
    ["months", ""],
    ["lastDay", "2026-01-04"],
    ["lastDay", "tomorrow"],
  ])("%s %j is refused with a sentence at its field", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ code: "INVALID", fields: { [name]: expect.stringMatching(/^[A-Z].*\.$/) } }),
    );
  });

  test.each([
    ["code", "50%"],
    ["code", "ab"],
    ["code", "two words"],
    ["kind", "coupon"],
    ["duration", "sometimes"],
    ["months", "0"],
    ["maxUses", "many"],
    ["nonce", "1"],
  ])("%s %j is no code", (name, value) => {
    expect(codeForm.safeParse({ ...TYPED, [name]: value }).success).toBe(false);
  });

  test.each(["50%", "12.5", "12,5", "100"])("per cent may be written %j", (value) => {
    expect(read({ value }).percentOff).toBe(Number.parseFloat(value.replace(",", ".")));
  });
});

describe("a code at Stripe", () => {
  const list = async ({ stripe }: Awaited<ReturnType<typeof openSandbox>>) =>
    (await listCodes(stripe, { now })).map(({ code, state, uses }) => [code, state, uses]);

  test("is listed with what it does and how often it was used", async () => {
    const sandbox = await openSandbox();
    await makeCode(sandbox.stripe, read(), NONCE);
    const [promotion] = (await sandbox.stripe.promotionCodes.list()).data;
    await startTrial(sandbox, undefined, { discounts: [{ promotion_code: String(promotion?.id) }] });
    expect(await listCodes(sandbox.stripe, { now })).toEqual([
      {
        id: promotion?.id,
        code: "MASTHEAD50",
        state: "active",
        percentOff: 50,
        amountOff: null,
        duration: "repeating",
        months: 3,
        uses: 1,
        maxUses: 2,
        expiresAt: new Date("2026-06-30T23:00:00Z"),
      },
    ]);
    await startTrial(sandbox, undefined, { discounts: [{ promotion_code: String(promotion?.id) }] });
    expect(await list(sandbox)).toEqual([["MASTHEAD50", "used-up", 2]]);
    expect(await listCodes(sandbox.stripe, { now: new Date("2026-07-01T00:00:00Z") })).toMatchObject([
      { state: "expired" },
    ]);
  });

  test("is made once by a form that was sent twice, and a lost answer makes no second", async () => {
    const sandbox = await openSandbox();
    await sandbox.trouble({ trouble: "cut", call: "POST /v1/promotion_codes" });
    await expect(makeCode(sandbox.stripe, read(), NONCE)).rejects.toThrow();
    await sandbox.endTrouble();
    await makeCode(sandbox.stripe, read(), NONCE);
    await makeCode(sandbox.stripe, read(), NONCE);
    expect((await sandbox.stripe.coupons.list()).data).toHaveLength(1);
    expect(await list(sandbox)).toEqual([["MASTHEAD50", "active", 0]]);
  });

  test("with the letters of an active one is refused, and leaves no coupon behind", async () => {
    const sandbox = await openSandbox();
    await makeCode(sandbox.stripe, read(), NONCE);
    const again = makeCode(sandbox.stripe, read({ value: "20" }), NONCE.replace("5", "6"));
    await expect(again).rejects.toMatchObject({ code: "INVALID", fields: { code: expect.any(String) } });
    expect((await sandbox.stripe.coupons.list()).data).toHaveLength(1);
  });

  test("is switched off and on again; who has its discount keeps it", async () => {
    const sandbox = await openSandbox();
    await makeCode(sandbox.stripe, read(), NONCE);
    const id = String((await sandbox.stripe.promotionCodes.list()).data[0]?.id);
    const { subscription } = await startTrial(sandbox, undefined, { discounts: [{ promotion_code: id }] });
    await switchCode(sandbox.stripe, id, false);
    expect(await list(sandbox)).toEqual([["MASTHEAD50", "off", 1]]);
    expect((await sandbox.stripe.subscriptions.retrieve(subscription.id)).discounts).toHaveLength(1);
    await switchCode(sandbox.stripe, id, true);
    await switchCode(sandbox.stripe, id, true);
    expect(await list(sandbox)).toEqual([["MASTHEAD50", "active", 1]]);
  });

  test("that can be redeemed no more is not switched on", async () => {
    const sandbox = await openSandbox();
    await makeCode(sandbox.stripe, read(), NONCE);
    const id = String((await sandbox.stripe.promotionCodes.list()).data[0]?.id);
    await switchCode(sandbox.stripe, id, false);
    await makeCode(sandbox.stripe, read({ value: "20" }), NONCE);
    await expect(switchCode(sandbox.stripe, id, true)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(switchCode(sandbox.stripe, "promo_none", true)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
