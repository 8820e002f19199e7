import { z } from "zod";

/** What the author may set. Client components take labels and limits from here, so it imports nothing of the server. */

export const isTimeZone = (value: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
};

const words = (label: string, max: number) =>
  z.string().trim().min(1, `Write ${label}.`).max(max, `Keep ${label} under ${max} characters.`);

export const CURRENCIES = ["usd", "eur", "gbp", "cad", "aud", "chf", "sek", "nok", "dkk", "jpy"] as const;

export const publicationInput = z.strictObject({
  name: words("the publication's name", 80),
  tagline: words("a tagline", 160),
  description: words("a description", 1_000),
  seriesName: words("the series' name", 60),
  authorName: words("the author's name", 80),
  authorBio: z.string().trim().max(2_000, "Keep the biography under 2000 characters."),
  language: z
    .string()
    .trim()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "Write a language tag such as en or pt-BR."),
  accentColor: z.string().regex(/^#[0-9a-f]{6}$/i, "Choose a colour written as #b3331d."),
  postalAddress: words("a postal address (the law asks for one in every mail)", 300),
  senderName: words("a sender's name", 80).refine(
    (value) => !/[\r\n<>"]/.test(value),
    "Write the name without quotes, brackets or line breaks.",
  ),
  replyTo: z.union([z.email("Write an address such as you@example.com, or leave it empty."), z.null()]),
  slotWeekday: z.number().int().min(1).max(7),
  slotTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time such as 09:00."),
  timeZone: z.string().refine(isTimeZone, "Choose a time zone such as Europe/London."),
  priceCents: z
    .number()
    .int()
    .min(50, "Stripe takes no less than 50 of the smallest unit.")
    .max(100_000, "That is more than a newsletter costs."),
  currency: z.enum(CURRENCIES),
  trialDays: z.number().int().min(0).max(90, "Keep a trial under 90 days."),
  graceDays: z.number().int().min(0).max(30),
  lockAfterDays: z.number().int().min(1).max(3_650).nullable(),
});

export type PublicationInput = z.infer<typeof publicationInput>;
