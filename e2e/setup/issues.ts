import { expect, type Page } from "@playwright/test";

export interface NewIssue {
  title: string;
  subtitle?: string;
  subject?: string;
  preheader?: string;
  slug: string;
  audience: "EVERYONE" | "MEMBERS";
  /** In Markdown, without front matter. */
  text: string;
}

/** A title that nobody has given before, and the address that goes with it. */
export function newTitle(words: string): Pick<NewIssue, "title" | "slug"> {
  const mark = crypto.randomUUID().slice(0, 8);
  return { title: `${words} ${mark}`, slug: `${words.toLowerCase().replaceAll(" ", "-")}-${mark}` };
}

/** Brings an issue in as a Markdown file, as the signed-in author, and leaves the page on the desk's page of it. */
export async function importIssue(page: Page, issue: NewIssue): Promise<void> {
  const { text, ...fields } = issue;
  const { title, slug } = fields;
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const answer = await page.request.post(`/admin/import/issues?name=${slug}.md`, {
    headers: { Origin: new URL(page.url()).origin, "Content-Type": "application/octet-stream" },
    data: `---\n${head.join("\n")}\n---\n\n${text}`,
  });
  const { issues } = JSON.parse((await answer.text()).trim().split("\n").at(-1) ?? "{}");
  expect(issues, await answer.text()).toMatchObject({ added: [{ slug }] });
  await page.goto(`/admin/issues/${issues.added[0].id}`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** Orders that the issue whose page is open on the desk be sent. */
export async function orderSending(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /^Send now to/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
}

/** The same; resolves when it stands in the archive. */
export async function sendNow(page: Page, slug: string): Promise<void> {
  const desk = new URL(page.url()).pathname;
  await orderSending(page);
  // Who asks for the page at the very moment that it appears may leave "nothing here" stored for a minute.
  const stage = async () => (await (await page.request.get(`${desk}/progress`)).json()).stage;
  await expect.poll(stage, { timeout: 90_000 }).not.toBe("not-started");
  // As a stranger: to whoever is signed in, the page that says "nothing here" comes with the status 200.
  const address = new URL(`/p/${slug}`, page.url()).href;
  await expect.poll(async () => (await fetch(address)).status, { timeout: 90_000 }).toBe(200);
}
