import type { Page } from "@playwright/test";
import axe from "axe-core";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What breaches WCAG 2.2 A and AA on the page as it is now, a line each. Frames are not looked into: the only ones run no
 * scripts, and what they show is checked as a page of its own.
 */
export async function breachesOn(page: Page): Promise<string[]> {
  // Evaluating half a megabyte costs more than the check itself.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(document, options),
    {
      runOnly: { type: "tag" as const, values: WCAG },
      resultTypes: ["violations" as const],
      iframes: false,
    },
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.target})`);
}
