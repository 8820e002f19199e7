import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { StartFailure } from "@/sandbox/process/failure";

/** Debian's build without windows first: the journeys take a quarter less of the processor in it. */
const NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/**
 * The system's Chromium, or the one that Playwright has downloaded. Throws StartFailure when there is neither.
 */
export function findChromium(
  path = process.env.PATH ?? "",
  others = [MAC, chromium.executablePath()],
): string {
  const candidates = NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  const found = [...candidates, ...others].find(isProgram);
  if (found) return found;
  throw new StartFailure(
    "The browser journeys need Chromium, and there is none.\n" +
      "Install the system's (Debian: `apt-get install chromium-headless-shell` or `chromium`), or Playwright's: `npx playwright install chromium`.\n" +
      "`npm run check` does the rest of the tests without it.",
  );
}

/** Chromium's own sandbox cannot work for root; the rest keeps it from calling home and from starting needless processes. */
export function chromiumFlags(): string[] {
  return [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--in-process-gpu",
  ];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
