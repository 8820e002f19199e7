/** What the author types for a discount code, and what it means. Pure. */
import { DateTime } from "luxon";
import { z } from "zod";
import { DomainError } from "@/lib/errors";
import { readAmount } from "@/lib/publication/format";

const count = (max: number, message: string) =>
  z
    .string()
    .trim()
    .refine(
      (typed) => typed === "" || (/^\d{1,9}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= max),
      message,
    )
    .transform((typed) => (typed === "" ? null : Number(typed)))
    .default(null);

/** A form's fields. */
export const codeForm = z.strictObject({
  /** Stripe takes letters, digits and dashes, and does not tell capitals apart. */
  code: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{3,40}$/, "Write 3 to 40 letters, digits and dashes.")
    .transform((code) => code.toUpperCase()),
  kind: z.enum(["percent", "amount"], "Choose per cent or an amount."),
  value: z.string().max(20, "Write a number."),
  duration: z.enum(["once", "repeating", "forever"], "Choose how long it counts."),
  months: count(120, "Write how many months, from 1 to 120."),
  maxUses: count(999_999, "Write a number from 1, or leave it empty."),
  lastDay: z.string().max(10).default(""),
  /** Made with the form, so that a second press makes no second code. */
  nonce: z.uuid(),
});

export type NewCode = {
  code: string;
  duration: "once" | "repeating" | "forever";
  months: number | null;
  maxUses: number | null;
  expiresAt: Date | null;
} & (
  | { percentOff: number; amountOff: null }
  | { percentOff: null; amountOff: { amountCents: number; currency: string } }
);

/** Throws INVALID with one message for the field that is wrong. */
export function readNewCode(
  form: z.output<typeof codeForm>,
  { currency, timeZone, now }: { currency: string; timeZone: string; now: Date },
): NewCode {
  const { code, kind, value, duration, months, maxUses, lastDay } = form;
  if (duration === "repeating" && months === null) throw wrong("months", "Write how many months it counts.");
  const rest = {
    code,
    duration,
    months: duration === "repeating" ? months : null,
    maxUses,
    expiresAt: dayAfter(lastDay, { timeZone, now }),
  };
  if (kind === "percent") return { ...rest, percentOff: readPercent(value), amountOff: null };
  const amountCents = readAmount(value, currency);
  if (!amountCents) throw wrong("value", "Write an amount such as 1 or 1.50.");
  return { ...rest, percentOff: null, amountOff: { amountCents, currency } };
}

function readPercent(typed: string): number {
  const [percent] = /^\d{1,3}([.,]\d{1,2})?$/.exec(typed.trim().replace(/\s*%$/, "")) ?? [];
  const number = Number(percent?.replace(",", "."));
  if (percent && number > 0 && number <= 100) return number;
  throw wrong("value", "Write per cent as a number over 0 and up to 100.");
}

/** The first moment after a day in `timeZone`; null for an empty field. */
function dayAfter(day: string, { timeZone, now }: { timeZone: string; now: Date }): Date | null {
  if (day.trim() === "") return null;
  const end = DateTime.fromISO(day, { zone: timeZone }).startOf("day").plus({ days: 1 });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !end.isValid)
    throw wrong("lastDay", "Write a day, such as 2027-12-31.");
  if (end.toMillis() <= now.getTime()) throw wrong("lastDay", "Choose a day that is still to come.");
  return end.toJSDate();
}

function wrong(field: string, message: string): DomainError {
  return new DomainError("INVALID", message, { fields: { [field]: message } });
}
