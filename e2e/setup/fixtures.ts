import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { addresses } from "./addresses";
import { Mailbox } from "./mailbox";
import { signInAs } from "./sign-in";
import { StripeSandbox } from "./stripe";

interface Fixtures {
  mailbox: Mailbox;
  stripe: StripeSandbox;
  /** The address that may sign in to the desk. */
  author: string;
  /** An address that nobody has used before. */
  newAddress: (name?: string) => string;
  /** Through the real pages and the real mail. */
  signIn: (email: string, options?: { page?: Page; next?: string }) => Promise<void>;
  /** Fails on any breach of WCAG 2.2 A and AA that axe can see on the page as it is now. */
  checkAccessibility: (page?: Page) => Promise<void>;
  /** Console and page errors that a journey expects, so that they do not fail it. */
  expectedErrors: RegExp[];
  watchForErrors: undefined;
}

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(addresses().site),
  mailbox: async ({}, use) => use(new Mailbox(addresses().mailbox)),
  stripe: async ({}, use) => use(new StripeSandbox(addresses().stripe)),
  author: async ({}, use) => use(addresses().author),
  newAddress: async ({}, use) => {
    await use((name = "reader") => `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`);
  },
  signIn: async ({ page, mailbox }, use) => {
    await use((email, options = {}) => signInAs(options.page ?? page, mailbox, email, options.next));
  },
  checkAccessibility: async ({ page }, use) => {
    await use(async (other = page) => {
      const { violations } = await new AxeBuilder({ page: other }).withTags(WCAG).analyze();
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.target})`);
      expect(found, `accessibility of ${other.url()}`).toEqual([]);
    });
  },
  expectedErrors: [[], { option: true }],
  watchForErrors: [
    async ({ context, expectedErrors }, use) => {
      const errors: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.page()?.url()}: ${message.text()}`);
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
