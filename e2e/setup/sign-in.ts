import type { Page } from "@playwright/test";
import { codeIn, type Mailbox } from "./mailbox";

/** Signs in as a person would: asks for a code, reads the mail, types it. The address must be one that may sign in. */
export async function signInAs(
  page: Page,
  mailbox: Mailbox,
  email: string,
  next = "/account",
): Promise<void> {
  const after = await mailbox.newest(email);
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Mail me a code" }).click();
  const mail = await mailbox.waitForMail({ to: email, subject: "is your code", after });
  await page.getByLabel("Code from the mail").fill(codeIn(mail));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}
