import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/**
 * The system's Chromium, or the one that Playwright has downloaded. Throws, saying how to get one, when there is neither.
 */
export function findChromium(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...candidates, MAC, chromium.executablePath()].find(isProgram);
  if (found) return found;
  throw new Error(
    "The browser journeys need Chromium, and there is none.\n" +
      "Install the system's (Debian: `apt-get install chromium`), or Playwright's: `npx playwright install chromium`.",
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
