import type { Cookie } from "@playwright/test";

/** Where the running Masthead of this test run answers. The set-up writes it, the tests read it. */
export interface JourneyAddresses {
  site: string;
  mailbox: string;
  stripe: string;
  /** Of the sandbox, made for this run. */
  stripeKey: string;
  /** Who may sign in to the desk. */
  author: string;
  /** The session in which journeys act as the author. */
  authorCookies: Cookie[];
}

const VARIABLE = "MASTHEAD_JOURNEY_ADDRESSES";

export function publishAddresses(addresses: JourneyAddresses): void {
  process.env[VARIABLE] = JSON.stringify(addresses);
}

export function addresses(): JourneyAddresses {
  const text = process.env[VARIABLE];
  if (!text)
    throw new Error("Nothing runs yet: journeys are started by Playwright, which sets everything up.");
  return JSON.parse(text) as JourneyAddresses;
}
