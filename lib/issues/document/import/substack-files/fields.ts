import { z } from "zod";

/** A moment as any of the export's files writes it; null where the field is empty. */
export const moment = z
  .string()
  .optional()
  .transform((value, context) => {
    if (!value) return null;
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
    context.addIssue("no date");
    return z.NEVER;
  });

/** Yes or no in all of the export's spellings; an empty field is no. */
export const flag = z
  .string()
  .optional()
  .transform((value) => (value ?? "").toLowerCase())
  .pipe(z.enum(["true", "false", "1", "0", "yes", "no", ""]))
  .transform((value) => value === "true" || value === "1" || value === "yes");
