"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { keepBrowserToken } from "@/app/(site)/sign-in/browser-token";
import { clientAddress } from "@/lib/auth/client-address";
import { requestSignIn, SIGN_IN_MINUTES } from "@/lib/auth/request-sign-in";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { SLUG } from "@/lib/issues/schema";
import { openPortal } from "@/lib/memberships/open-portal";
import { startCheckout } from "@/lib/memberships/start-checkout";
import { getStripe } from "@/lib/stripe";

const issueField = z.union([z.literal(""), z.string().max(100).regex(SLUG)]).default("");
const joinFields = z.strictObject({ issue: issueField });
const addressFields = z.strictObject({ email: z.string().max(320), issue: issueField });

/** A newcomer's address: they get a code, and typing it subscribes them, signs them in and leads back here. */
export async function askToJoinAction(_state: FormState, form: FormData): Promise<FormState> {
  const { PUBLIC_URL, TRUSTED_PROXIES } = getEnv();
  let next: string;
  try {
    const requestHeaders = await headers();
    requireSameOrigin(requestHeaders, PUBLIC_URL);
    const fields = readForm(addressFields, form);
    next = joinPath(fields.issue);
    const { browserToken } = await requestSignIn(
      getDatabase(),
      {
        email: fields.email,
        next,
        client: clientAddress(requestHeaders, { trustedProxies: TRUSTED_PROXIES }),
        newcomers: { source: "/join" },
      },
      { now: new Date() },
    );
    if (browserToken !== null) await keepBrowserToken(browserToken, SIGN_IN_MINUTES * 60);
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/sign-in?sent=1&next=${encodeURIComponent(next)}`);
}

/** To Stripe's checkout. What it costs and whether there is a trial is decided on our side alone. */
export async function startCheckoutAction(_state: FormState, form: FormData): Promise<FormState> {
  let url: string;
  try {
    const { PUBLIC_URL } = getEnv();
    requireSameOrigin(await headers(), PUBLIC_URL);
    const { issue } = readForm(joinFields, form);
    const reader = await requireReader(joinPath(issue));
    const checkout = await startCheckout(
      getDatabase(),
      getStripe(),
      { subscriberId: reader.subscriberId, issueSlug: issue === "" ? null : issue },
      { now: new Date(), publicUrl: PUBLIC_URL },
    );
    url = checkout.url;
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(url);
}

/** To Stripe's customer portal, for the reader's own customer. */
export async function openPortalAction(_state: FormState, form: FormData): Promise<FormState> {
  let url: string;
  try {
    const { PUBLIC_URL } = getEnv();
    requireSameOrigin(await headers(), PUBLIC_URL);
    const reader = await requireReader("/account");
    url = (await openPortal(getDatabase(), getStripe(), reader.subscriberId, { publicUrl: PUBLIC_URL })).url;
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(url);
}

function joinPath(issue: string): string {
  return issue === "" ? "/join" : `/join?issue=${encodeURIComponent(issue)}`;
}
