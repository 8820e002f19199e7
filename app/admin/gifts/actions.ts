"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { mailGiftAgain } from "@/lib/memberships/gifts/mail-gift-again";

const fields = z.strictObject({
  giftId: z.uuid(),
  to: z.enum(["buyer", "receiver"]),
  email: z.string().max(1_000),
});

export async function mailGiftAgainAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  let giftId: string;
  try {
    const request = readForm(fields, form);
    giftId = request.giftId;
    await mailGiftAgain(getDatabase(), request, { publicUrl: getEnv().PUBLIC_URL });
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/gifts/${giftId}?done=mailed`);
}
