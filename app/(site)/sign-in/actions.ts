"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { answerForm } from "@/app/(site)/_forms/answer-form";
import { getAuth } from "@/lib/auth/better-auth";
import { clientAddress } from "@/lib/auth/client-address";
import { safeNextPath } from "@/lib/auth/next-path";
import { requestSignIn, SIGN_IN_MINUTES } from "@/lib/auth/request-sign-in";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { beginSession } from "@/lib/auth/sessions";
import { type SignInAnswer, signInByCode, signInByLink, signInByLinkAndCode } from "@/lib/auth/sign-in";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm } from "@/lib/form";
import { codeFields, signInFields, tokenFields } from "@/lib/subscribers/schema";
import { dropBrowserToken, keepBrowserToken, readBrowserToken } from "./browser-token";

/** Every address gets this answer: whether it is known shows in the inbox alone. */
export async function askForCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  const next = safeNextPath(form.get("next"));
  const query = `next=${encodeURIComponent(next)}`;
  return answerForm(form, { name: "sign-in", back: `/sign-in?${query}` }, async (requestHeaders) => {
    const { email } = readForm(signInFields, form);
    const client = clientAddress(requestHeaders, { trustedProxies: getEnv().TRUSTED_PROXIES });
    const { browserToken } = await requestSignIn(getDatabase(), { email, next, client }, { now: new Date() });
    if (browserToken !== null) await keepBrowserToken(browserToken, SIGN_IN_MINUTES * 60);
    return `/sign-in?sent=1&${query}`;
  });
}

/** A code: in the tab that asked, or (with the link's token) on the page of the link in another browser. */
export async function typeCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  const token = form.get("token");
  const back =
    typeof token === "string" ? `/sign-in/link?token=${encodeURIComponent(token)}` : "/sign-in?sent=1";
  return answerForm(form, { name: "code", back }, async (requestHeaders) => {
    const fields = readForm(codeFields, form);
    return finish(await tryCode(fields), requestHeaders);
  });
}

async function tryCode({ code, token }: { code: string; token?: string | undefined }): Promise<SignInAnswer> {
  const now = new Date();
  if (token !== undefined) return signInByLinkAndCode(getDatabase(), { linkToken: token, code }, { now });
  const browserToken = await readBrowserToken();
  if (browserToken === null) return { outcome: "ask-again" };
  return signInByCode(getDatabase(), { browserToken, code }, { now });
}

/** The button on the page of the link, in the browser that asked. */
export async function pressLinkAction(form: FormData): Promise<never> {
  const requestHeaders = new Headers(await headers());
  requireSameOrigin(requestHeaders, getEnv().PUBLIC_URL);
  const { token } = readForm(tokenFields, form);
  const browserToken = await readBrowserToken();
  const answer = await signInByLink(getDatabase(), { linkToken: token, browserToken }, { now: new Date() });
  redirect(answer.outcome === "signed-in" ? await finish(answer, requestHeaders) : "/sign-in?again=1");
}

/** Begins the session and returns where to go; throws INVALID with what to do where there is none. */
async function finish(answer: SignInAnswer, requestHeaders: Headers): Promise<string> {
  if (answer.outcome === "wrong-code") {
    const left = answer.triesLeft === 1 ? "one more try" : `${answer.triesLeft} more tries`;
    const problem = `That is not the code from the latest mail. You have ${left}.`;
    throw new DomainError("INVALID", problem, { fields: { code: problem } });
  }
  const begun =
    answer.outcome === "signed-in" &&
    (await beginSession(getAuth(), answer.who.subscriberId, requestHeaders));
  if (answer.outcome !== "signed-in" || !begun) {
    const problem = "This code cannot be used any more. Please ask for a new mail.";
    throw new DomainError("INVALID", problem, { fields: { code: problem } });
  }
  await dropBrowserToken();
  return answer.who.nextPath;
}
