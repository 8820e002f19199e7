import { cookies } from "next/headers";

/**
 * Carries what was typed from the refused form to the page that shows it again: a cookie for a minute, because an
 * address does not belong into a URL.
 */
const NAME = "masthead-typed";

export async function keepTyped(email: string): Promise<void> {
  (await cookies()).set(NAME, email.slice(0, 254), {
    httpOnly: true,
    sameSite: "lax",
    path: "/subscribe",
    maxAge: 60,
  });
}

export async function readTyped(): Promise<string> {
  return (await cookies()).get(NAME)?.value ?? "";
}
