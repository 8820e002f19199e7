"use server";

import { z } from "zod";
import { answerForm } from "@/app/(site)/_forms/answer-form";
import { keepBrowserToken } from "@/app/(site)/sign-in/browser-token";
import { clientAddress } from "@/lib/auth/client-address";
import { requestSignIn, SIGN_IN_MINUTES } from "@/lib/auth/request-sign-in";
import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm } from "@/lib/form";
import { openPortal } from "@/lib/memberships/open-portal";
import { startCheckout } from "@/lib/memberships/start-checkout";
import { getStripe } from "@/lib/stripe";
import { choiceFields, joinPath, readChoice } from "./choice";

const joinFields = z.strictObject(choiceFields);
const addressFields = z.strictObject({ email: z.string().max(320), ...choiceFields });

/** A newcomer's address: they get a code, and typing it subscribes them, signs them in and leads back here. */
export async function askToJoinAction(_state: FormState, form: FormData): Promise<FormState> {
  const next = pathOf(form);
  return answerForm(form, { name: "join", back: next }, async (requestHeaders) => {
    const { email } = readForm(addressFields, form);
    const client = clientAddress(requestHeaders, { trustedProxies: getEnv().TRUSTED_PROXIES });
    const { browserToken } = await requestSignIn(
      getDatabase(),
      { email, next, client, newcomers: { source: "/join" } },
      { now: new Date() },
    );
    if (browserToken !== null) await keepBrowserToken(browserToken, SIGN_IN_MINUTES * 60);
    return `/sign-in?sent=1&next=${encodeURIComponent(next)}`;
  });
}

/** To Stripe's checkout. The browser says the month or the year and nothing more: what it costs and whether there is a trial is decided on our side alone. */
export async function startCheckoutAction(_state: FormState, form: FormData): Promise<FormState> {
  const back = pathOf(form);
  return answerForm(form, { name: "checkout", back }, async (requestHeaders) => {
    const { issue, plan } = readForm(joinFields, form);
    const reader = await requireReader(back);
    const { PUBLIC_URL, TRUSTED_PROXIES } = getEnv();
    const client = clientAddress(requestHeaders, { trustedProxies: TRUSTED_PROXIES });
    const { url } = await startCheckout(
      getDatabase(),
      getStripe(),
      { subscriberId: reader.subscriberId, issueSlug: issue === "" ? null : issue, interval: plan, client },
      { now: new Date(), publicUrl: PUBLIC_URL },
    );
    return url;
  });
}

/** To Stripe's customer portal, for the reader's own customer. */
export async function openPortalAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "portal", back: "/account" }, async () => {
    const reader = await requireReader("/account");
    const { PUBLIC_URL } = getEnv();
    const { url } = await openPortal(getDatabase(), getStripe(), reader.subscriberId, {
      publicUrl: PUBLIC_URL,
    });
    return url;
  });
}

/** The page that the form stands on. */
function pathOf(form: FormData): string {
  return joinPath(readChoice({ issue: form.get("issue") ?? "", plan: form.get("plan") ?? "month" }));
}
