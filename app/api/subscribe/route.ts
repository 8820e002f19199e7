import { type NextRequest, NextResponse } from "next/server";
import { keepBrowserToken, readBrowserToken } from "@/app/(site)/sign-in/browser-token";
import { keepTyped } from "@/app/(site)/subscribe/typed-address";
import { clientAddress } from "@/lib/auth/client-address";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { readForm } from "@/lib/form";
import { log } from "@/lib/log";
import { signUpFields } from "@/lib/subscribers/schema";
import { signUp } from "@/lib/subscribers/sign-up";
import { randomToken } from "@/lib/tokens";

const MAX_BODY = 16 * 1024;
const A_DAY = 24 * 60 * 60;

/** Every subscribe box posts here, from pages that are the same for everybody. Answers with a page to go to. */
export async function POST(request: NextRequest): Promise<NextResponse> {
  const { PUBLIC_URL, TRUSTED_PROXIES } = getEnv();
  const goTo = (path: string) => NextResponse.redirect(new URL(path, PUBLIC_URL), 303);
  let typed = "";
  try {
    requireSameOrigin(request.headers, PUBLIC_URL);
    if (Number(request.headers.get("content-length") ?? MAX_BODY + 1) > MAX_BODY)
      return goTo("/subscribe?problem=form");
    const form = await request.formData();
    typed = String(form.get("email") ?? "");
    const fields = readForm(signUpFields, form);
    const browserToken = (await readBrowserToken()) ?? randomToken();
    await signUp(
      getDatabase(),
      {
        email: fields.email,
        source: fields.source,
        client: clientAddress(request.headers, { trustedProxies: TRUSTED_PROXIES }),
        browserToken,
        trap: fields.website,
        startedAt: fields.started ?? null,
      },
      { now: new Date() },
    );
    await keepBrowserToken(browserToken, A_DAY);
    return goTo("/subscribe?sent=1");
  } catch (error) {
    if (!(error instanceof DomainError)) {
      log.error({ event: "subscribers.sign-up-failed", error }, "A sign-up failed.");
      return goTo("/subscribe?problem=ours");
    }
    await keepTyped(typed);
    return goTo(`/subscribe?problem=${PROBLEMS[error.code] ?? "form"}`);
  }
}

const PROBLEMS: Partial<Record<DomainError["code"], string>> = {
  INVALID: "address",
  CONFLICT: "quick",
  TOO_MANY: "later",
  FORBIDDEN: "origin",
};

export function GET(): NextResponse {
  return NextResponse.redirect(new URL("/subscribe", getEnv().PUBLIC_URL), 303);
}
