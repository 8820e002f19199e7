import type { Page } from "@playwright/test";

/** Fills the desk's form for a list of readers, who agreed elsewhere unless told otherwise, and sends it off. */
export async function importList(page: Page, lines: string, source: string): Promise<void> {
  await page.goto("/admin/import");
  await page
    .getByLabel("CSV with a column named email")
    .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(lines) });
  await page.getByLabel("They agreed to get this mail").check();
  await page.getByLabel("Where they agreed").fill(source);
  await page.getByRole("button", { name: "Import the list" }).click();
}
