import { type APIRequestContext, expect } from "@playwright/test";
import { codeIn, type Mailbox } from "./mailbox";
import { pressButton } from "./press-button";

/**
 * Asks for a code, reads the mail and sends the code, which signs in the browser whose `request` it is. The address must be
 * one that may sign in.
 */
export async function signInAs(request: APIRequestContext, mailbox: Mailbox, email: string): Promise<void> {
  const after = await mailbox.newest(email);
  const asked = await pressButton(request, "/sign-in", "Mail me a code", { email });
  const mail = await mailbox.waitForMail({ to: email, subject: "is your code", after });
  const done = await pressButton(request, asked.url.href, "Sign in", { code: codeIn(mail) });
  expect(done.url.pathname).not.toBe("/sign-in");
}
