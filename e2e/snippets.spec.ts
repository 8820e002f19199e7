import type { Page } from "@playwright/test";
import { expect, test } from "./setup/fixtures";

// The preview's frame runs no scripts, and Chromium says so of each.
test.use({ expectedErrors: [[/Blocked script execution/], { scope: "test" }] });

const text = (page: Page) => page.getByRole("textbox", { name: "Text", exact: true });
const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true });

async function write(page: Page, words: string): Promise<void> {
  await text(page).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(words);
}

test("the author writes a snippet, names it in an issue, changes it, and the site shows the new words", async ({
  page,
  request,
  running,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/snippets" });
  await expect(page.getByRole("row", { name: /intro.*opens new issues/i })).toBeVisible();
  await checkAccessibility();

  await page.getByRole("link", { name: "Intro", exact: true }).click();
  await expect(text(page)).toContainText("Good morning.");
  await checkAccessibility();
  const frame = page.frameLocator("iframe");
  await expect(frame.getByText("Good morning.")).toBeVisible();
  await write(page, "Good evening.");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(page.getByRole("status")).toContainText("Saved");
  await expect(frame.getByText("Good evening.")).toBeVisible();
  const issue = await request.get(`${running.site}/p/the-leak-you-shipped`);
  expect(await issue.text()).toContain("Good evening.");
  await expect(page.getByText("Not while issues that are not out yet use it.")).toBeVisible();
});

test("a new snippet is refused with what it cannot hold, and loses nothing that was typed", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/snippets" });
  await page.getByRole("link", { name: "New snippet" }).click();
  await page.getByLabel("Title").fill("Sponsor’s note");
  await expect(page.getByLabel("Name")).toHaveValue("sponsors-note");
  await page.getByRole("button", { name: "Insert" }).click();
  await expect(page.getByRole("menuitem", { name: "Callout" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: /paywall|snippet/i })).toHaveCount(0);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Markdown" }).click();
  await page.getByRole("textbox", { name: "Markdown" }).fill("Thanks.\n\n::paywall\n\nMore.");
  await page.getByRole("button", { name: "Take it over" }).click();
  await save(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "cannot hold a paywall" })).toBeVisible();
  await expect(text(page)).toContainText("More.");
  await expect(page.getByLabel("Title")).toHaveValue("Sponsor’s note");
  await checkAccessibility();

  await write(page, "Thanks.");
  await save(page).click();
  await expect(page.getByRole("heading", { name: "Sponsor’s note", level: 1 })).toBeVisible();
  await expect(page.getByRole("status")).toContainText("Saved");

  await page.getByRole("button", { name: "Delete this snippet" }).click();
  await expect(page.getByText("“Sponsor’s note” is deleted.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Sponsor’s note" })).toHaveCount(0);
  await checkAccessibility();
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByText("“Sponsor’s note” is back as it was.")).toBeVisible();
  await page.getByRole("link", { name: "Sponsor’s note" }).click();
  await expect(text(page)).toHaveText("Thanks.");
  await page.getByRole("button", { name: "Delete this snippet" }).click();
  await expect(page.getByText("“Sponsor’s note” is deleted.")).toBeVisible();
});

test("a second tab is shown what the first one saved before it writes over it", async ({
  page,
  context,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/snippets/new" });
  await page.getByLabel("Title").fill("Two tabs");
  await write(page, "Begun.");
  await save(page).click();
  await page.waitForURL("**/admin/snippets/two-tabs?saved=1");
  const second = await context.newPage();
  await second.goto("/admin/snippets/two-tabs");
  await expect(text(second)).toHaveText("Begun.");

  await write(page, "From the first tab.");
  await save(page).click();
  await expect(page.frameLocator("iframe").getByText("From the first tab.")).toBeVisible();

  await write(second, "From the second tab.");
  await save(second).click();
  const warning = second.getByRole("alert").filter({ hasText: "Changed in another tab or device" });
  await expect(warning).toContainText("From the first tab.");
  await expect(text(second)).toHaveText("From the second tab.");
  await checkAccessibility(second);
  await second.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(second.frameLocator("iframe").getByText("From the second tab.")).toBeVisible();
  await write(second, "Once more.");
  await save(second).click();
  await expect(second.frameLocator("iframe").getByText("Once more.")).toBeVisible();
  await second.getByRole("button", { name: "Delete this snippet" }).click();
  await expect(second.getByText("“Two tabs” is deleted.")).toBeVisible();
});

test("snippets are the author's alone", async ({ page, request, running }) => {
  for (const path of ["/admin/snippets", "/admin/snippets/intro", "/admin/snippets/intro/preview"]) {
    const answer = await request.get(`${running.site}${path}`, { maxRedirects: 0 });
    expect(await answer.text(), path).not.toContain("Good");
    await page.goto(path);
    await expect(page, path).toHaveURL(/\/sign-in/);
  }
});
