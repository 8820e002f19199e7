"use server";

import { refresh, updateTag } from "next/cache";
import { z } from "zod";
import { isAuthorAsking, SIGNED_OUT } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { readAmount } from "@/lib/publication/format";
import { CURRENCIES } from "@/lib/publication/schema";
import { updatePublication } from "@/lib/publication/update-publication";

const number = z.string().transform((value) => (value.trim() === "" ? Number.NaN : Number(value)));
const emptyIsNull = z.string().transform((value) => value.trim() || null);

const settingsForm = z.strictObject({
  name: z.string(),
  tagline: z.string(),
  description: z.string(),
  seriesName: z.string(),
  authorName: z.string(),
  authorBio: z.string(),
  language: z.string(),
  accentColor: z.string(),
  postalAddress: z.string(),
  senderName: z.string(),
  replyTo: emptyIsNull,
  slotWeekday: number,
  slotTime: z.string(),
  timeZone: z.string(),
  catchUpHours: number,
  price: z.string(),
  yearlyPrice: z.string(),
  currency: z.enum(CURRENCIES),
  trialDays: number,
  graceDays: number,
  lockAfterDays: emptyIsNull.transform((value) => (value === null ? null : Number(value))),
  /** The one that this form began from. */
  version: z.coerce.number<string>().int().min(1),
});

/** `savedVersion` is set by a save that was kept; after a conflict, `fields` hold the `version` that stands there. */
export type SettingsState = FormState & { savedVersion?: number };

export async function saveSettingsAction(_state: SettingsState, form: FormData): Promise<SettingsState> {
  if (!(await isAuthorAsking())) return refusedForm(new DomainError("FORBIDDEN", SIGNED_OUT), form);
  let saved: { version: number };
  try {
    const { price, yearlyPrice, version, ...fields } = readForm(settingsForm, form);
    const amount = (typed: string) => readAmount(typed, fields.currency) ?? Number.NaN;
    const yearlyPriceCents = yearlyPrice.trim() === "" ? null : amount(yearlyPrice);
    saved = await updatePublication(
      getDatabase(),
      { ...fields, priceCents: amount(price), yearlyPriceCents },
      { version },
    );
  } catch (error) {
    return refusedForm(namedAsTyped(error), form);
  }
  updateTag("publication");
  updateTag("issues");
  refresh();
  return { problem: null, fields: {}, typed: {}, savedVersion: saved.version };
}

/** The form's prices are sums as people write them; what is wrong with one belongs to its field. */
function namedAsTyped(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const { priceCents, yearlyPriceCents, ...fields } = error.fields;
  return new DomainError(error.code, error.message, {
    cause: error,
    fields: {
      ...fields,
      ...(priceCents !== undefined && { price: priceCents }),
      ...(yearlyPriceCents !== undefined && { yearlyPrice: yearlyPriceCents }),
    },
  });
}
