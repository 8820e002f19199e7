import { type APIRequestContext, expect } from "@playwright/test";
import { load } from "cheerio";
import type { Mailbox } from "./mailbox";
import { pressButton } from "./press-button";
import type { StripeSandbox } from "./stripe";

/**
 * Signs up on the front page and confirms by the button of the mail's page, which signs the browser in, too, whose
 * `request` it is (`page.request`, or a reader of `newReader` who needs no window).
 */
export async function subscribe(request: APIRequestContext, mailbox: Mailbox, email: string): Promise<void> {
  const asked = await pressButton(request, "/", "Subscribe", { email });
  expect(asked.url.search).toContain("sent=1");
  const mail = await mailbox.waitForMail({ to: email, subject: "Confirm" });
  const done = await pressButton(request, mail.link("/confirm"), "Confirm my subscription");
  expect(done.url.search).toContain("done=confirmed");
}

/** Takes the trial as a signed-in reader, on the Stripe sandbox's page. */
export async function startTrial(request: APIRequestContext, stripe: StripeSandbox): Promise<void> {
  const { url: checkout } = await pressButton(request, "/join", /^Start my/);
  expect(stripe.isAt(checkout)).toBe(true);
  const { url: done } = await pressButton(request, checkout.href, "Start trial");
  const heading = async () => load(await (await request.get(done.href)).text())("h1").text();
  await expect.poll(heading).toBe("You are in");
}

/** Makes a new address of this signed-in reader's own feed, which ends the one before. */
export async function renewFeed(request: APIRequestContext): Promise<string> {
  const { html } = await pressButton(request, "/account", /^Make an? (new )?address/);
  const address = load(html)("input[readonly]").val();
  expect(html).toContain("Your feed has a new address.");
  return String(address);
}
