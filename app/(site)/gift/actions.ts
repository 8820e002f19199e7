"use server";

import { z } from "zod";
import { answerForm } from "@/app/(site)/_forms/answer-form";
import { keepBrowserToken } from "@/app/(site)/sign-in/browser-token";
import { clientAddress } from "@/lib/auth/client-address";
import { requestSignIn, SIGN_IN_MINUTES } from "@/lib/auth/request-sign-in";
import { getViewer, requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type FormState, readForm } from "@/lib/form";
import { buyGift } from "@/lib/memberships/gifts/buy-gift";
import { redeemGift } from "@/lib/memberships/gifts/redeem-gift";
import { giftFields } from "@/lib/memberships/gifts/schema";
import { getStripe } from "@/lib/stripe";

const token = z
  .string()
  .max(300)
  .regex(/^[\w.-]+$/);
const redeemFields = z.strictObject({ token });
const addressFields = z.strictObject({ token, email: z.string().max(320) });

/** To Stripe's checkout. What it costs is decided on our side alone. */
export async function buyGiftAction(_state: FormState, form: FormData): Promise<FormState> {
  return answerForm(form, { name: "gift", back: "/gift" }, async (requestHeaders) => {
    const { PUBLIC_URL: publicUrl, TRUSTED_PROXIES: trustedProxies } = getEnv();
    const fields = readForm(giftFields, form);
    const viewer = await getViewer();
    const { url } = await buyGift(
      getDatabase(),
      getStripe(),
      {
        ...fields,
        buyerId: viewer.kind === "reader" ? viewer.subscriberId : null,
        client: clientAddress(requestHeaders, { trustedProxies }),
      },
      { now: new Date(), publicUrl },
    );
    return url;
  });
}

/** A receiver whom we do not know yet: a code by mail proves the mailbox and leads back to the gift. */
export async function openGiftAction(_state: FormState, form: FormData): Promise<FormState> {
  const back = giftPath(form);
  return answerForm(form, { name: "gift-address", back }, async (requestHeaders) => {
    const { email } = readForm(addressFields, form);
    const client = clientAddress(requestHeaders, { trustedProxies: getEnv().TRUSTED_PROXIES });
    const { browserToken } = await requestSignIn(
      getDatabase(),
      { email, next: back, client, newcomers: { source: "/gift" } },
      { now: new Date() },
    );
    if (browserToken !== null) await keepBrowserToken(browserToken, SIGN_IN_MINUTES * 60);
    return `/sign-in?sent=1&next=${encodeURIComponent(back)}`;
  });
}

/** The button: the gift becomes the membership of whoever is signed in. */
export async function redeemGiftAction(_state: FormState, form: FormData): Promise<FormState> {
  const back = giftPath(form);
  return answerForm(form, { name: "gift-redeem", back }, async () => {
    const fields = readForm(redeemFields, form);
    const reader = await requireReader(back);
    await redeemGift(
      getDatabase(),
      getStripe(),
      { token: fields.token, subscriberId: reader.subscriberId },
      { now: new Date(), publicUrl: getEnv().PUBLIC_URL },
    );
    return back;
  });
}

/** The page that the form stands on. */
function giftPath(form: FormData): string {
  const given = token.safeParse(form.get("token"));
  return given.success ? `/gift/${given.data}` : "/gift";
}
