import { expect, type Page } from "@playwright/test";
import { codeIn, type Mailbox } from "./mailbox";
import { pressButton } from "./press-button";

/** Asks for a code, reads the mail, sends the code, and goes to `next`. The address must be one that may sign in. */
export async function signInAs(
  page: Page,
  mailbox: Mailbox,
  email: string,
  next = "/account",
): Promise<void> {
  const after = await mailbox.newest(email);
  const address = `/sign-in?next=${encodeURIComponent(next)}`;
  const asked = await pressButton(page.request, address, "Mail me a code", { email });
  const mail = await mailbox.waitForMail({ to: email, subject: "is your code", after });
  const done = await pressButton(page.request, asked.url.href, "Sign in", { code: codeIn(mail) });
  expect(done.url.pathname).not.toBe("/sign-in");
  await page.goto(next);
}
