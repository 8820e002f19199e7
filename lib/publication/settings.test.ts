import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { amountForTyping, readAmount, yearlySaving } from "./format";
import { getPublication, getPublicationFacts } from "./queries";
import { publicationInput } from "./schema";
import { updatePublication } from "./update-publication";

const database = useTestDatabase({ emptyEachTime: true });

const GOOD = {
  name: "The Gazette",
  tagline: "A tagline",
  description: "A description",
  seriesName: "Gazette",
  authorName: "Tess",
  authorBio: "",
  language: "en",
  accentColor: "#b3331d",
  postalAddress: "1 Lane, Town",
  senderName: "Tess at The Gazette",
  replyTo: null,
  slotWeekday: 5,
  slotTime: "09:00",
  timeZone: "Europe/London",
  catchUpHours: 24,
  priceCents: 300,
  yearlyPriceCents: null,
  currency: "usd",
  trialDays: 7,
  graceDays: 7,
  lockAfterDays: null,
};

describe("settings", () => {
  it.each([
    ["name", " "],
    ["name", "x".repeat(81)],
    ["tagline", ""],
    ["language", "english"],
    ["language", "en-ab-cd"],
    ["language", "en-12"],
    ["accentColor", "red"],
    ["accentColor", "#b3331d;color:red"],
    ["postalAddress", " \n "],
    ["senderName", 'Tess "the" Author'],
    ["senderName", "Tess <tess@example.com>"],
    ["replyTo", "nobody"],
    ["replyTo", ""],
    ["slotWeekday", 0],
    ["slotWeekday", 8],
    ["slotTime", "9:00"],
    ["slotTime", "24:00"],
    ["timeZone", "Mars/Olympus"],
    ["timeZone", "+01:00"],
    ["timeZone", ""],
    ["catchUpHours", 0],
    ["catchUpHours", 169],
    ["priceCents", 49],
    ["priceCents", 100_001],
    ["priceCents", 3.5],
    ["priceCents", Number.NaN],
    ["yearlyPriceCents", 49],
    ["yearlyPriceCents", 1_000_001],
    ["yearlyPriceCents", Number.NaN],
    ["currency", "btc"],
    ["trialDays", -1],
    ["trialDays", 91],
    ["trialDays", 1.5],
    ["trialDays", Number.NaN],
    ["graceDays", 31],
    ["lockAfterDays", 0],
    ["lockAfterDays", Number.NaN],
  ])("refuse %s as %j with a sentence for the author", async (name, value) => {
    await createPublication(database.db);
    const before = await getPublication(database.db);
    const error = await updatePublication(database.db, { ...GOOD, [name]: value }, { version: 1 }).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(DomainError);
    expect(Object.keys(error.fields)).toEqual([name]);
    expect(error.fields[name]).toMatch(/^[A-Z].*\.$/);
    expect(error.fields[name]).not.toMatch(/NaN|expected|Invalid/);
    expect(await getPublication(database.db)).toEqual(before);
  });

  it.each([
    ["sek", 299, false],
    ["sek", 300, true],
    ["jpy", 300, true],
    ["gbp", 30, true],
    ["gbp", 29, false],
  ])("hold the least price that Stripe takes in %s: %i", (currency, priceCents, isTaken) => {
    expect(publicationInput.safeParse({ ...GOOD, currency, priceCents }).success).toBe(isTaken);
  });

  it("keep an address of several lines in one", () => {
    const { postalAddress } = publicationInput.parse({
      ...GOOD,
      postalAddress: "The Gazette\r\n1 Lane,\n Town ",
    });
    expect(postalAddress).toBe("The Gazette, 1 Lane, Town");
  });

  it("let go of the Stripe prices when a price or the currency change, and of nothing else", async () => {
    await createPublication(database.db, { stripePriceId: "price_old", stripeYearlyPriceId: "price_year" });
    const priceAfter = async (change: object) => {
      const { version } = await getPublication(database.db);
      await updatePublication(database.db, { ...GOOD, ...change }, { version });
      return (await getPublication(database.db)).stripePriceId;
    };
    expect(await priceAfter({ name: "Another name", trialDays: 14 })).toBe("price_old");
    expect(await priceAfter({ priceCents: 500 })).toBeNull();
    await database.db.publication.update({ where: { id: 1 }, data: { stripePriceId: "price_new" } });
    expect(await priceAfter({ priceCents: 500, currency: "eur" })).toBeNull();
    await database.db.publication.update({ where: { id: 1 }, data: { stripePriceId: "price_euro" } });
    expect(await priceAfter({ priceCents: 500, currency: "eur", yearlyPriceCents: 5_000 })).toBeNull();
    expect((await getPublication(database.db)).stripeYearlyPriceId).toBeNull();
  });

  it("are refused from a tab that knows an older version, which is told what stands there now", async () => {
    await createPublication(database.db, { stripePriceId: "price_old" });
    const first = { ...GOOD, tagline: "From the first tab", replyTo: "tess@example.com" };
    expect(await updatePublication(database.db, first, { version: 1 })).toEqual({ version: 2 });
    const second = { ...GOOD, tagline: "From the second tab", priceCents: 500 };
    const error = await updatePublication(database.db, second, { version: 1 }).catch((thrown) => thrown);
    expect([error.code, error.fields]).toEqual([
      "CONFLICT",
      {
        tagline: "Saved there: “From the first tab”.",
        replyTo: "Saved there: “tess@example.com”.",
        priceCents: "Saved there: 3.00.",
        version: "2",
      },
    ]);
    expect(await getPublication(database.db)).toMatchObject({
      tagline: "From the first tab",
      priceCents: 300,
      stripePriceId: "price_old",
    });
    expect(await updatePublication(database.db, second, { version: 2 })).toEqual({ version: 3 });
    expect((await getPublication(database.db)).tagline).toBe("From the second tab");
  });

  it("saved twice over, as by a second press, are saved once", async () => {
    await createPublication(database.db);
    const change = { ...GOOD, tagline: "Once" };
    expect(await updatePublication(database.db, change, { version: 1 })).toEqual({ version: 2 });
    expect(await updatePublication(database.db, change, { version: 1 })).toEqual({ version: 2 });
  });

  it("of two saves at the same moment keep one", async () => {
    await createPublication(database.db);
    const results = await Promise.allSettled(
      ["One", "Two"].map((tagline) => updatePublication(database.db, { ...GOOD, tagline }, { version: 1 })),
    );
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it.each(["en", "pt-BR", "de", "zh-Hant-TW", "sr-Latn"])("in %s can be printed", async (language) => {
    await createPublication(database.db);
    await updatePublication(database.db, { ...GOOD, language }, { version: 1 });
    expect((await getPublicationFacts(database.db)).price).toContain("3");
  });
});

describe("an amount", () => {
  it.each([
    ["3", "usd", 300],
    ["3.5", "usd", 350],
    ["3,50", "eur", 350],
    [" 3.00 ", "usd", 300],
    ["0.29", "gbp", 29],
    ["19.99", "usd", 1_999],
    ["300", "jpy", 300],
    ["300.00", "jpy", 300],
    ["300.50", "jpy", null],
    ["3.005", "usd", null],
    ["-3", "usd", null],
    ["3e2", "usd", null],
    ["$3", "usd", null],
    ["", "usd", null],
  ])("typed as %j in %s is %j", (typed, currency, amount) => {
    expect(readAmount(typed, currency)).toBe(amount);
  });

  it.each([
    [300, 3_000, "two months free"],
    [300, 3_300, "one month free"],
    [500, 5_500, "one month free"],
    [300, 3_100, "13% less"],
    [500, 4_800, "20% less"],
    [333, 3_330, "two months free"],
    [999, 9_900, "17% less"],
    [300, 3_590, null],
    [300, 3_600, null],
    [300, 4_000, null],
    [300, 300, "eleven months free"],
  ])("of %i a month beside %i a year is %j", (monthly, yearly, words) => {
    expect(yearlySaving(monthly, yearly)).toBe(words);
  });

  it.each([
    [300, "usd", "3.00"],
    [1_999, "eur", "19.99"],
    [300, "jpy", "300"],
  ])("of %i %s is typed %s, and read back", (amount, currency, typed) => {
    expect(amountForTyping(amount, currency)).toBe(typed);
    expect(readAmount(typed, currency)).toBe(amount);
  });
});
