import { expect, test } from "./setup/fixtures";

test("the archive and an open issue are complete without JavaScript", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL && { baseURL }) });
  const page = await context.newPage();
  await page.goto("/archive");
  await page
    .getByRole("link", { name: /test set is an instrument/i })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("test set");
  await expect(page.locator("article")).toContainText("A test set is a sample");
  await context.close();
});

test("an address that leads nowhere shows a page with a way on", async ({ page }) => {
  const response = await page.request.get("/p/there-is-no-such-issue");
  expect(response.status()).toBe(404);
  expect(await response.text()).toContain("/archive");
});
