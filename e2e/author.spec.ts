import { expect, test } from "./setup/fixtures";

test("a second tab is told before it overwrites the first one's words", async ({
  page,
  context,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/issues" });
  await page.getByRole("button", { name: "New issue" }).click();
  await expect(page.getByLabel("Text, in Markdown")).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await page.getByLabel("Title").first().fill("First tab");
  await expect(page.getByText(/^Saved \d/)).toBeVisible();
  await second.getByLabel("Title").first().fill("Second tab");
  await expect(second.getByText("Changed in another tab or device")).toBeVisible();
  await second.getByRole("button", { name: /Keep mine/ }).click();
  await expect(second.getByText(/^Saved \d/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Title").first()).toHaveValue("Second tab");
});
