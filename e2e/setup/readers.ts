import { expect, type Page } from "@playwright/test";
import { load } from "cheerio";
import type { Mailbox } from "./mailbox";
import { pressButton } from "./press-button";
import type { StripeSandbox } from "./stripe";

/** Signs up on the front page and confirms by the button of the mail's page, which signs this browser in, too. */
export async function subscribe(page: Page, mailbox: Mailbox, email: string): Promise<void> {
  const asked = await pressButton(page.request, "/", "Subscribe", { email });
  expect(asked.url.search).toContain("sent=1");
  const mail = await mailbox.waitForMail({ to: email, subject: "Confirm" });
  const done = await pressButton(page.request, mail.link("/confirm"), "Confirm my subscription");
  expect(done.url.search).toContain("done=confirmed");
}

/** Takes the trial as a signed-in reader, on the Stripe sandbox's page. */
export async function startTrial(page: Page, stripe: StripeSandbox): Promise<void> {
  const checkout = await startCheckout(page);
  expect(stripe.isAt(checkout)).toBe(true);
  const done = await pressButton(page.request, checkout.href, "Start trial");
  await expect
    .poll(async () => load(await (await page.request.get(done.url.href)).text())("h1").text())
    .toBe("You are in");
}

async function startCheckout(page: Page): Promise<URL> {
  return (await pressButton(page.request, "/join", /^Start my/)).url;
}

/** Makes a new address of this signed-in reader's own feed, which ends the one before. */
export async function renewFeed(page: Page): Promise<string> {
  const { html } = await pressButton(page.request, "/account", /^Make an? (new )?address/);
  const address = load(html)("input[readonly]").val();
  expect(html).toContain("Your feed has a new address.");
  return String(address);
}
