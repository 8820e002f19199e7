import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";
import { breachesOn } from "./accessibility";
import { addresses, type JourneyAddresses } from "./addresses";
import { continueAsAuthor } from "./author-session";
import { Mailbox } from "./mailbox";
import { signInAs } from "./sign-in";
import { StripeSandbox } from "./stripe";

interface Fixtures {
  running: JourneyAddresses;
  mailbox: Mailbox;
  stripe: StripeSandbox;
  /** The address that may sign in to the desk. */
  author: string;
  /** A browser without a window, for a person whom the journey only needs to be there. */
  newReader: () => Promise<APIRequestContext>;
  /** A browser without a window, signed in as the author. */
  authorRequest: APIRequestContext;
  /** Through the real pages and the real mail; as the author in the one session that all journeys share. */
  signIn: (email: string, options?: { next?: string }) => Promise<void>;
  /** Fails on any breach of WCAG 2.2 A and AA that axe can see on the page as it is now. */
  checkAccessibility: (page?: Page) => Promise<void>;
  /** Console and page errors that a journey expects, so that they do not fail it. */
  expectedErrors: RegExp[];
  watchForErrors: undefined;
}

/** An address that nobody has used before. */
export function newAddress(name = "reader"): string {
  return `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from this pattern what a fixture needs; here nothing.
  running: async ({}, use) => use(addresses()),
  baseURL: async ({ running }, use) => use(running.site),
  mailbox: async ({ running }, use) => use(new Mailbox(running.mailbox)),
  stripe: async ({ running }, use) => use(new StripeSandbox(running.stripe, running.stripeKey)),
  author: async ({ running }, use) => use(running.author),
  signIn: async ({ page, mailbox, author }, use) => {
    await use(async (email, { next = email === author ? "/admin" : "/account" } = {}) => {
      if (email === author) await continueAsAuthor(page);
      else await signInAs(page.request, mailbox, email);
      await page.goto(next);
    });
  },
  newReader: async ({ playwright, running }, use) => {
    const readers: APIRequestContext[] = [];
    await use(async () => {
      const reader = await playwright.request.newContext({ baseURL: running.site });
      readers.push(reader);
      return reader;
    });
    for (const reader of readers) await reader.dispose();
  },
  authorRequest: async ({ playwright, running }, use) => {
    const storageState = { cookies: running.authorCookies, origins: [] };
    const author = await playwright.request.newContext({ baseURL: running.site, storageState });
    await use(author);
    await author.dispose();
  },
  checkAccessibility: async ({ page }, use) => {
    await use(async (other = page) => {
      // A page asked for the first time shows its text before the end of its stream, where its title may be.
      await expect(other, "a title").toHaveTitle(/\S/);
      expect(await breachesOn(other), `accessibility of ${other.url()}`).toEqual([]);
    });
  },
  expectedErrors: [[], { option: true }],
  watchForErrors: [
    async ({ context, expectedErrors }, use) => {
      const errors: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error")
          errors.push(`${message.page()?.url()}: ${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => errors.push(`${error.page()?.url()}: ${error.error().message}`));
      await use(undefined);
      const unexpected = errors.filter((error) => !expectedErrors.some((pattern) => pattern.test(error)));
      expect(unexpected, "errors in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
