import { expect, type Page } from "@playwright/test";

export interface NewIssue {
  title: string;
  subtitle?: string;
  slug: string;
  audience: "EVERYONE" | "MEMBERS";
  /** In Markdown, without front matter. */
  text: string;
}

/** Brings an issue in as a Markdown file, as the signed-in author, and leaves the page on the desk's page of it. */
export async function importIssue(page: Page, issue: NewIssue): Promise<void> {
  const { title, subtitle = "", slug, audience, text } = issue;
  const head = [
    `title: "${title}"`,
    ...(subtitle ? [`subtitle: "${subtitle}"`] : []),
    `slug: ${slug}`,
    `audience: ${audience}`,
  ];
  await page.goto("/admin/import");
  await page.getByLabel("Substack's zip, or a Markdown file").setInputFiles({
    name: `${slug}.md`,
    mimeType: "text/markdown",
    buffer: Buffer.from(`---\n${head.join("\n")}\n---\n\n${text}`),
  });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText(/\b1 (issue )?came in/)).toBeVisible();
  await page.goto(`/admin/issues?q=${slug}`);
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** Sends the issue whose page is open on the desk. Resolves when it stands in the archive. */
export async function sendNow(page: Page, slug: string): Promise<void> {
  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /Schedule for/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(page.getByText(/^Scheduled/)).toBeVisible();
  await expect
    .poll(async () => (await page.request.get(`/p/${slug}`)).status(), { timeout: 90_000 })
    .toBe(200);
}
