import { chromium, type Page } from "@playwright/test";
import { addresses, type JourneyAddresses } from "./addresses";
import { chromiumFlags, findChromium } from "./chromium";
import { Mailbox } from "./mailbox";
import { signInAs } from "./sign-in";

/**
 * Signs the author in once for all journeys, through the real pages and the real mail: a mailbox may ask for few codes in
 * a quarter of an hour, and a new code ends the one before. Returns the cookies of that session.
 */
export async function openAuthorSession({
  site,
  mailbox,
  author,
}: Omit<JourneyAddresses, "authorCookies">): Promise<JourneyAddresses["authorCookies"]> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags() });
  try {
    const page = await browser.newPage({ baseURL: site });
    await signInAs(page, new Mailbox(mailbox), author, "/admin");
    return await page.context().cookies();
  } finally {
    await browser.close();
  }
}

/** Gives the page's browser the author's session, and goes to `next`. */
export async function continueAsAuthor(page: Page, next = "/admin"): Promise<void> {
  await page.context().addCookies(addresses().authorCookies);
  await page.goto(next);
}
