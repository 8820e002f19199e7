import { z } from "zod";
import type { GiftMonths } from "./amount";

/** Fields of the gift's form. What it costs is never among them. */

const MAX_MESSAGE = 250;
/** Mail with strangers' links in it is how phishing looks. */
const LINK =
  /https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|io|info|biz|co|me|xyz|top|shop|site|online|link|click)\b/i;

const noLinks = (value: string) => !LINK.test(value);

export const giftFields = z.strictObject({
  months: z
    .enum(["3", "6", "12"], "Choose how long the gift is.")
    .transform((value) => Number(value) as GiftMonths),
  buyerEmail: z.string().max(1_000, "This is longer than an address can be."),
  delivery: z.enum(["receiver", "buyer"], "Choose who passes the gift on."),
  receiverName: z
    .string()
    .trim()
    .max(80, "Keep the name under 80 characters.")
    .refine(noLinks, "Write the name without a link.")
    .default(""),
  receiverEmail: z.string().max(1_000, "This is longer than an address can be.").default(""),
  message: z
    .string()
    .trim()
    .transform((value) => value.replace(/\r\n?/g, "\n"))
    .pipe(
      z
        .string()
        .max(MAX_MESSAGE, `Keep the message under ${MAX_MESSAGE} characters.`)
        .refine(noLinks, "Write the message without links."),
    )
    .default(""),
});

export const MESSAGE_LENGTH = MAX_MESSAGE;
