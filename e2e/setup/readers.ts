import type { Page } from "@playwright/test";
import type { Mailbox } from "./mailbox";
import type { StripeSandbox } from "./stripe";

/** Signs up on the front page and confirms by the button of the mail's page, which signs this browser in, too. */
export async function subscribe(page: Page, mailbox: Mailbox, email: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Your e-mail address").first().fill(email);
  await page.getByRole("button", { name: "Subscribe" }).first().click();
  await page.waitForURL(/sent=1/);
  const mail = await mailbox.waitForMail({ to: email, subject: "Confirm" });
  await page.goto(mail.link("/confirm"));
  await page.getByRole("button", { name: "Confirm my subscription" }).click();
  await page.waitForURL(/done=confirmed/);
}

/** Takes the trial as a signed-in reader, on the Stripe sandbox's page. */
export async function startTrial(page: Page, stripe: StripeSandbox): Promise<void> {
  await page.goto("/join");
  await page.getByRole("button", { name: /^Start my/ }).click();
  await page.waitForURL((url) => stripe.isAt(url));
  await page.getByRole("button", { name: "Start trial" }).click();
  await page.getByRole("heading", { name: "You are in" }).waitFor();
}

/** Makes a new address of this signed-in reader's own feed, which ends the one before. */
export async function renewFeed(page: Page): Promise<string> {
  await page.goto("/account");
  await page.getByRole("button", { name: /^Make an? (new )?address/ }).click();
  await page.getByText("Your feed has a new address.").waitFor();
  return page.getByLabel("Address of your feed").inputValue();
}
