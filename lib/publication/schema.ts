import { z } from "zod";
import { amountForTyping } from "./format";

/** What the author may set. Client components take labels and limits from here, so it imports nothing of the server. */

/** An IANA name, as in Europe/London; offsets such as +01:00 know no summer time and are none. */
export const isTimeZone = (value: string): boolean => {
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
};

/** A tag that every formatter takes: one that it refuses would take the whole site down. */
const isLanguage = (value: string): boolean => {
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value)) return false;
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
};

const oneLine = (value: string) => value.replace(/\s+/g, " ").trim();

const words = (label: string, max: number) =>
  z
    .string()
    .transform(oneLine)
    .pipe(z.string().min(1, `Write ${label}.`).max(max, `Keep ${label} under ${max} characters.`));

/** Line breaks become commas: mail prints it in one line. */
const postalAddress = z
  .string()
  .transform((value) => oneLine(value.trim().replace(/\s*,?\s*[\r\n]+\s*/g, ", ")))
  .pipe(
    z
      .string()
      .min(1, "Write a postal address: the law asks for one in every mail.")
      .max(300, "Keep the postal address under 300 characters."),
  );

const days = (min: number, max: number, label: string) => {
  const message = `Write ${label} as a whole number from ${min} to ${max}.`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message);
};

export const CURRENCIES = ["usd", "eur", "gbp", "cad", "aud", "chf", "sek", "nok", "dkk", "jpy"] as const;
export type Currency = (typeof CURRENCIES)[number];

/** What Stripe takes at least, in the smallest unit (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const LEAST: Readonly<Record<Currency, number>> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  cad: 50,
  aud: 50,
  chf: 50,
  sek: 300,
  nok: 300,
  dkk: 250,
  jpy: 50,
};

export const publicationInput = z
  .strictObject({
    name: words("the publication's name", 80),
    tagline: words("a tagline", 160),
    description: words("a description", 1_000),
    seriesName: words("the series' name", 60),
    authorName: words("the author's name", 80),
    authorBio: z
      .string()
      .transform(oneLine)
      .pipe(z.string().max(2_000, "Keep the biography under 2000 characters.")),
    language: z.string().trim().refine(isLanguage, "Write a language tag such as en or pt-BR."),
    accentColor: z.string().regex(/^#[0-9a-f]{6}$/i, "Choose a colour written as #b3331d."),
    postalAddress,
    senderName: words("a sender's name", 80).refine(
      (value) => !/[<>"]/.test(value),
      "Write the name without quotes and brackets.",
    ),
    replyTo: z.union([z.email("Write an address such as you@example.com, or leave it empty."), z.null()]),
    slotWeekday: days(1, 7, "the weekday"),
    slotTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time such as 09:00."),
    catchUpHours: days(1, 168, "the hours"),
    timeZone: z.string().trim().refine(isTimeZone, "Choose a time zone such as Europe/London."),
    priceCents: z
      .number({ error: "Write a price such as 3 or 3.50." })
      .int("Write a price such as 3 or 3.50.")
      .max(100_000, "That is more than a newsletter costs."),
    yearlyPriceCents: z
      .number({ error: "Write a price such as 30, or leave it empty." })
      .int("Write a price such as 30, or leave it empty.")
      .max(1_000_000, "That is more than a year of a newsletter costs.")
      .nullable(),
    currency: z.enum(CURRENCIES, { error: "Choose a currency." }),
    trialDays: days(0, 90, "the days of trial"),
    graceDays: days(0, 30, "the days of grace"),
    lockAfterDays: days(1, 3_650, "the days until issues lock").nullable(),
  })
  .superRefine(({ priceCents, yearlyPriceCents, currency }, context) => {
    const message = `Stripe takes no less than ${amountForTyping(LEAST[currency], currency)} ${currency.toUpperCase()}.`;
    for (const [name, amount] of Object.entries({ priceCents, yearlyPriceCents })) {
      if (amount !== null && amount < LEAST[currency])
        context.addIssue({ code: "custom", path: [name], message });
    }
  });

export type PublicationInput = z.infer<typeof publicationInput>;
