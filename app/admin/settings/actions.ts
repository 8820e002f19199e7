"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { updatePublication } from "@/lib/publication/update-publication";

const number = z.string().transform((value) => (value.trim() === "" ? Number.NaN : Number(value)));

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
  replyTo: z.string().transform((value) => (value.trim() === "" ? null : value.trim())),
  slotWeekday: number,
  slotTime: z.string(),
  timeZone: z.string(),
  price: number,
  currency: z.string(),
  trialDays: number,
  graceDays: number,
  lockAfterDays: z.string().transform((value) => (value.trim() === "" ? null : Number(value))),
});

export async function saveSettingsAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  try {
    const { price, ...fields } = readForm(settingsForm, form);
    await updatePublication(getDatabase(), { ...fields, priceCents: Math.round(price * 100) });
    updateTag("publication");
    updateTag("issues");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect("/admin/settings?saved=1");
}
