import { defineConfig } from "@playwright/test";
import { chromiumFlags, findChromium } from "./cli/launch/chromium";

/** Stripe's clock is one for all, so journeys whose dates matter run one after the other. */
const TIMED = /(member|paywall)\.spec\.ts$/;

/**
 * Its readers answer late or not at all, and it is about the issue that was sent last: it comes when no other journey
 * sends. `npx playwright test sending --no-deps` runs it without the others.
 */
const ALONE = /sending\.spec\.ts$/;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/setup/stack.ts",
  outputDir: ".data/test/journeys",
  // Journeys share one publication; each makes its own readers and issues.
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: "timed", testMatch: TIMED, workers: 1 },
    { name: "others", testIgnore: [TIMED, ALONE] },
    { name: "alone", testMatch: ALONE, workers: 1, dependencies: ["timed", "others"] },
  ],
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Only to end what hangs: a slow machine is no failure.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: findChromium(), args: chromiumFlags() },
    // Recording takes a seventh of the time; `npx playwright test <file> --trace on` shows what happened.
    trace: "off",
    screenshot: "only-on-failure",
    locale: "en-GB",
    timezoneId: "UTC",
  },
});
