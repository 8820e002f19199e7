"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { dropBrowserToken, readBrowserToken } from "@/app/(site)/sign-in/browser-token";
import { getAuth } from "@/lib/auth/better-auth";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { beginSession } from "@/lib/auth/sessions";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { readForm } from "@/lib/form";
import { confirmByLink } from "@/lib/subscribers/confirm";
import { tokenFields } from "@/lib/subscribers/schema";

/** The button on the confirmation page. In the browser that signed up it also signs in: the mailbox is proven. */
export async function confirmAction(form: FormData): Promise<never> {
  const requestHeaders = await headers();
  requireSameOrigin(requestHeaders, getEnv().PUBLIC_URL);
  const { token } = readForm(tokenFields, form);
  const browserToken = await readBrowserToken();
  const result = await confirmByLink(getDatabase(), { token, browserToken }, { now: new Date() });
  if (result.outcome === "unusable") redirect("/confirm?done=unusable");
  if (result.outcome === "confirmed" && result.signIn) {
    await beginSession(getAuth(), result.subscriberId, new Headers(requestHeaders));
    await dropBrowserToken();
  }
  redirect("/confirm?done=confirmed");
}
