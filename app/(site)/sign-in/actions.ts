"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
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
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { codeFields, signInFields, tokenFields } from "@/lib/subscribers/schema";
import { dropBrowserToken, keepBrowserToken, readBrowserToken } from "./browser-token";

/** Every address gets this answer: whether it is known shows in the inbox alone. */
export async function askForCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  const { PUBLIC_URL, TRUSTED_PROXIES } = getEnv();
  let next: string;
  try {
    const requestHeaders = await headers();
    requireSameOrigin(requestHeaders, PUBLIC_URL);
    const fields = readForm(signInFields, form);
    next = safeNextPath(fields.next);
    const client = clientAddress(requestHeaders, { trustedProxies: TRUSTED_PROXIES });
    const { browserToken } = await requestSignIn(
      getDatabase(),
      { email: fields.email, next, client },
      { now: new Date() },
    );
    if (browserToken !== null) await keepBrowserToken(browserToken, SIGN_IN_MINUTES * 60);
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/sign-in?sent=1&next=${encodeURIComponent(next)}`);
}

/** A code: in the tab that asked, or (with the link's token) on the page of the link in another browser. */
export async function typeCodeAction(_state: FormState, form: FormData): Promise<FormState> {
  let nextPath: string;
  try {
    requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
    const { code, token } = readForm(codeFields, form);
    const db = getDatabase();
    const now = new Date();
    const browserToken = await readBrowserToken();
    const answer: SignInAnswer =
      token !== undefined
        ? await signInByLinkAndCode(db, { linkToken: token, code }, { now })
        : browserToken === null
          ? { outcome: "ask-again" }
          : await signInByCode(db, { browserToken, code }, { now });
    nextPath = await finish(answer);
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(nextPath);
}

/** The button on the page of the link, in the browser that asked. */
export async function pressLinkAction(form: FormData): Promise<never> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  const { token } = readForm(tokenFields, form);
  const browserToken = await readBrowserToken();
  const answer = await signInByLink(getDatabase(), { linkToken: token, browserToken }, { now: new Date() });
  redirect(answer.outcome === "signed-in" ? await finish(answer) : "/sign-in?again=1");
}

/** Begins the session and returns where to go; throws INVALID with what to do where there is none. */
async function finish(answer: SignInAnswer): Promise<string> {
  if (answer.outcome === "wrong-code") {
    const left = answer.triesLeft === 1 ? "one more try" : `${answer.triesLeft} more tries`;
    const problem = `That is not the code from the latest mail. You have ${left}.`;
    throw new DomainError("INVALID", problem, { fields: { code: problem } });
  }
  const begun =
    answer.outcome === "signed-in" &&
    (await beginSession(getAuth(), answer.who.subscriberId, new Headers(await headers())));
  if (answer.outcome !== "signed-in" || !begun) {
    const problem = "This code cannot be used any more. Please ask for a new mail.";
    throw new DomainError("INVALID", problem, { fields: { code: problem } });
  }
  await dropBrowserToken();
  return answer.who.nextPath;
}
