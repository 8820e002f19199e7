import { z } from "zod";

/** Fields of the forms that readers send. Shape only: what an address is, `parseAddress` says. */

const typedAddress = z.string().max(1_000, "This is longer than an address can be.");

export const signUpFields = z.strictObject({
  email: typedAddress,
  website: z.string().default(""),
  source: z
    .string()
    .regex(/^[\w./-]{0,120}$/, "This form came from a place that we do not know.")
    .default(""),
  started: z
    .string()
    .regex(/^\d{10,16}$/)
    .transform((value) => new Date(Number(value)))
    .optional(),
});

export const tokenFields = z.strictObject({ token: z.string().min(1).max(1_000) });

export const signInFields = z.strictObject({
  email: typedAddress.min(1, "Write your address, such as name@example.com."),
  next: z.string().max(500).optional(),
});

export const codeFields = z.strictObject({
  code: z
    .string()
    .trim()
    .min(1, "Type the code from the mail.")
    .max(40, "The code has six letters and digits."),
  token: z.string().max(1_000).optional(),
});

export const nameFields = z.strictObject({
  name: z.string().max(400, "Keep your name under 80 characters."),
});

/** Typed by hand, so that nobody erases themselves by a slip. */
export const ERASE_WORDS = "erase me";
export const eraseFields = z.strictObject({
  confirmation: z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => value === ERASE_WORDS, `Type "${ERASE_WORDS}" to go on.`),
});
