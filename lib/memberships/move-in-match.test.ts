import { describe, expect, test } from "vitest";
import { type Mover, matchMover, type Payer, whyUndecided } from "./move-in-match";

const subscription = {
  id: "sub_1",
  status: "active",
  amountCents: 800,
  currency: "usd",
  intervalMonths: 1,
  periodEndsAt: "2026-12-01T00:00:00.000Z",
  isCancelled: false,
};
const payer = (customerId: string, more: Partial<Payer> = {}): Payer => ({
  customerId,
  email: "ann@example.com",
  holderId: null,
  subscriptions: [subscription],
  ...more,
});
const ann: Mover = {
  subscriberId: "ann",
  email: "ann@example.com",
  listedCustomerId: null,
  ownCustomerId: null,
  paysHere: false,
  heldBack: false,
  saidToPay: true,
};
const match = (mover: Partial<Mover>, ...payers: Payer[]) =>
  matchMover(
    { ...ann, ...mover },
    {
      byId: new Map(payers.map((each) => [each.customerId, each])),
      byEmail: Map.groupBy(payers, ({ email }) => email ?? ""),
    },
  );

const listed = { listedCustomerId: "cus_1" };
const elsewhere = { email: "other@example.com" };

describe("somebody who moves in", () => {
  test.each<[string, string, Partial<Mover>, Payer[]]>([
    ["is taken over by the customer that the list names", "MOVE", listed, [payer("cus_1", elsewhere)]],
    ["is proposed where only the address is equal", "PROPOSED", {}, [payer("cus_1")]],
    ["is proposed where the listed customer pays no more", "PROPOSED", listed, [payer("cus_2")]],
    ["is proposed once a matching was undone", "PROPOSED", { ...listed, heldBack: true }, [payer("cus_1")]],
    ["has two customers", "UNDECIDED", {}, [payer("cus_1"), payer("cus_2")]],
    ["has a second customer beside the listed one", "UNDECIDED", listed, [payer("cus_1"), payer("cus_2")]],
    ["pays twice", "UNDECIDED", listed, [payer("cus_1", { subscriptions: [subscription, subscription] })]],
    ["is listed with another's customer", "UNDECIDED", listed, [payer("cus_1", { holderId: "bo" })]],
    ["pays nowhere at Stripe", "UNDECIDED", listed, [payer("cus_3", elsewhere)]],
    ["was free and pays nowhere", "LEFT", { saidToPay: false }, []],
    [
      "pays here by another",
      "UNDECIDED",
      { ...listed, paysHere: true, ownCustomerId: "x" },
      [payer("cus_1")],
    ],
    ["is theirs already", "MOVE", { paysHere: true, ownCustomerId: "cus_1" }, [payer("cus_1")]],
    ["crashed after the metadata", "MOVE", listed, [payer("cus_1", { holderId: "ann" })]],
  ])("who %s: %s", (_words, state, mover, payers) => {
    expect(match(mover, ...payers).state).toBe(state);
  });

  test.each<[RegExp, Partial<Mover>, Payer[]]>([
    [/Nobody with this address/, {}, []],
    [/customer that the list names/, listed, []],
    [/another reader/, {}, [payer("cus_1", { holderId: "bo" })]],
    [/Several customers/, {}, [payer("cus_1"), payer("cus_2")]],
    [/pays twice/, {}, [payer("cus_1", { subscriptions: [subscription, subscription] })]],
    [/through another customer/, { paysHere: true, ownCustomerId: "x" }, [payer("cus_1")]],
  ])("is told why: %s", (words, mover, payers) => {
    const { candidates } = match(mover, ...payers);
    expect(whyUndecided(candidates, { listedCustomerId: null, plan: "monthly", ...mover })).toMatch(words);
  });
});
