import { cookies } from "next/headers";
import { isHttps, signInCookieName } from "@/lib/auth/session-cookie";
import { getEnv } from "@/lib/env";

/** The cookie that ties a request to sign in, or a sign-up, to the browser that asked. */
export async function readBrowserToken(): Promise<string | null> {
  return (await cookies()).get(signInCookieName(getEnv().PUBLIC_URL))?.value ?? null;
}

export async function keepBrowserToken(token: string, maxAgeSeconds: number): Promise<void> {
  const { PUBLIC_URL } = getEnv();
  (await cookies()).set(signInCookieName(PUBLIC_URL), token, {
    httpOnly: true,
    secure: isHttps(PUBLIC_URL),
    sameSite: "lax",
    path: "/",
    maxAge: maxAgeSeconds,
  });
}

export async function dropBrowserToken(): Promise<void> {
  await keepBrowserToken("", 0);
}
