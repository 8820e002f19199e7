import { type Page, request } from "@playwright/test";
import { addresses, type JourneyAddresses } from "./addresses";
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
  const browser = await request.newContext({ baseURL: site });
  try {
    await signInAs(browser, new Mailbox(mailbox), author);
    return (await browser.storageState()).cookies;
  } finally {
    await browser.dispose();
  }
}

/** Gives the page's browser the author's session. */
export async function continueAsAuthor(page: Page): Promise<void> {
  await page.context().addCookies(addresses().authorCookies);
}
