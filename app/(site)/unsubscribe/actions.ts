"use server";

import { redirect } from "next/navigation";
import { getDatabase } from "@/lib/db";
import { readForm } from "@/lib/form";
import { tokenFields } from "@/lib/subscribers/schema";
import { resubscribe, unsubscribeByToken } from "@/lib/subscribers/unsubscribe";

/**
 * The token is the permission, so the form is taken from wherever a mail program shows the page, and nobody who wants to
 * leave is ever refused for a header.
 */
export async function unsubscribeAction(form: FormData): Promise<never> {
  const { token } = readForm(tokenFields, form);
  const farewell = await unsubscribeByToken(getDatabase(), token, { now: new Date() });
  redirect(farewell ? `/unsubscribe?undo=${farewell.undoToken}` : "/unsubscribe");
}

export async function resubscribeAction(form: FormData): Promise<never> {
  const { token } = readForm(tokenFields, form);
  await resubscribe(getDatabase(), token, { now: new Date() });
  redirect(`/unsubscribe?undo=${encodeURIComponent(token)}`);
}
