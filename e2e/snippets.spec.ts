import { expect, test } from "./setup/fixtures";

// The preview's frame runs no scripts, and Chromium says so of each.
test.use({ expectedErrors: [[/Blocked script execution/], { scope: "test" }] });

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
  await expect(page.getByLabel("Text, in Markdown")).toBeEnabled();
  await checkAccessibility();
  const frame = page.frameLocator("iframe");
  await expect(frame.getByText("Good morning.")).toBeVisible();
  await page.getByLabel("Text, in Markdown").fill("*Good evening from :variable[publicationName].*");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(page.getByRole("status")).toContainText("Saved");
  await expect(frame.getByText("Good evening from")).toBeVisible();
  await page.getByLabel("Text, in Markdown").fill("*Good night from :variable[publicationName].*");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(frame.getByText("Good night from")).toBeVisible();

  const issue = await request.get(`${running.site}/p/the-leak-you-shipped`);
  expect(await issue.text()).toContain("Good night from");
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
  const text = page.getByLabel("Text, in Markdown");
  const save = page.getByRole("button", { name: "Save" });

  await text.fill("Thanks.\n\n::paywall\n\nMore.");
  await save.click();
  await expect(page.getByRole("alert").filter({ hasText: "cannot hold a paywall" })).toBeVisible();
  await expect(text).toHaveValue("Thanks.\n\n::paywall\n\nMore.");
  await checkAccessibility();

  await text.fill("Thanks.\n\n<marquee>Buy!</marquee>");
  await save.click();
  await expect(page.getByRole("alert").filter({ hasText: "Not everything can be kept" })).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("Sponsor’s note");
  await page.getByRole("button", { name: "Save without these" }).click();
  await expect(page.getByRole("heading", { name: "Sponsor’s note", level: 1 })).toBeVisible();
  await expect(page.getByRole("status")).toContainText("Saved");

  await page.getByRole("button", { name: "Delete this snippet" }).click();
  await expect(page.getByText("“Sponsor’s note” is deleted.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Sponsor’s note" })).toHaveCount(0);
  await checkAccessibility();
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByText("“Sponsor’s note” is back as it was.")).toBeVisible();
  await page.getByRole("link", { name: "Sponsor’s note" }).click();
  await expect(page.getByLabel("Text, in Markdown")).toHaveValue(/Thanks\./);
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
  await page.getByLabel("Text, in Markdown").fill("Begun.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/admin/snippets/two-tabs?saved=1");
  const second = await context.newPage();
  await second.goto("/admin/snippets/two-tabs");

  await page.getByLabel("Text, in Markdown").fill("From the first tab.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toBeEnabled();
  await expect(page.frameLocator("iframe").getByText("From the first tab.")).toBeVisible();

  await second.getByLabel("Text, in Markdown").fill("From the second tab.");
  await second.getByRole("button", { name: "Save" }).click();
  const warning = second.getByRole("alert").filter({ hasText: "Changed in another tab or device" });
  await expect(warning).toContainText("From the first tab.");
  await expect(second.getByLabel("Text, in Markdown")).toHaveValue("From the second tab.");
  await checkAccessibility(second);
  await second.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(second.frameLocator("iframe").getByText("From the second tab.")).toBeVisible();
  await second.getByLabel("Text, in Markdown").fill("Once more.");
  await second.getByRole("button", { name: "Save" }).click();
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
