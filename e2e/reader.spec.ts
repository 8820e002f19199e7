import { expect, newAddress, test } from "./setup/fixtures";

test("a stranger signs up, confirms by a button, and is welcomed with the latest issue", async ({
  page,
  mailbox,

  checkAccessibility,
}) => {
  const email = newAddress();
  await page.goto("/");
  await checkAccessibility();
  await page.getByLabel("Your e-mail address").first().fill(email);
  await page.getByRole("button", { name: "Subscribe" }).first().click();
  const confirm = await mailbox.waitForMail({ to: email, subject: "onfirm" });
  expect(confirm.header("Auto-Submitted")).toBe("auto-generated");
  await page.goto(confirm.link("/confirm"));
  await checkAccessibility();
  await page.getByRole("button", { name: "Confirm my subscription" }).click();
  await expect(page.getByRole("heading", { name: "You are subscribed" })).toBeVisible();
  const welcome = await mailbox.waitForMail({ to: email, subject: "Welcome" });
  expect(welcome.links.some((link) => link.includes("/p/"))).toBe(true);
  expect(welcome.text).toContain("Example Wynd");
});

test("opening a confirmation link changes nothing until the button is pressed", async ({ page, mailbox }) => {
  const email = newAddress();
  await page.goto("/subscribe");
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Subscribe" }).click();
  const link = (await mailbox.waitForMail({ to: email })).link("/confirm");
  for (const method of ["GET", "HEAD", "GET"]) await fetch(link, { method });
  await page.goto(link);
  await expect(page.getByRole("button", { name: "Confirm my subscription" })).toBeVisible();
});

test("a subscriber leaves by the link and comes back by the undo button", async ({ page, mailbox }) => {
  const email = newAddress();
  await page.goto("/subscribe");
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.goto((await mailbox.waitForMail({ to: email })).link("/confirm"));
  await page.getByRole("button", { name: "Confirm my subscription" }).click();
  const welcome = await mailbox.waitForMail({ to: email, subject: "Welcome" });
  await page.goto(welcome.link("/unsubscribe"));
  await page.getByRole("button", { name: /unsubscribe/i }).click();
  const undo = page.getByRole("button", { name: /undo|again|back/i });
  await expect(undo).toBeVisible();
  await undo.click();
  await expect(undo).toHaveCount(0);
});

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
