import { expect, test } from "./setup/fixtures";

test("the author writes, previews and sends an issue, and it arrives whole or cut as each reader may read", async ({
  page,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  test.setTimeout(150_000);
  await signIn(author, { next: "/admin/issues" });
  await checkAccessibility();
  await page.getByRole("button", { name: "New issue" }).click();
  await page.getByLabel("Title").first().fill("A journey to the inbox");
  await page
    .getByLabel("Text, in Markdown")
    .fill("Free words for all.\n\n::paywall\n\nCANARY-4c1d behind the wall.");
  await page.getByLabel("Open to").selectOption("MEMBERS");
  await page.getByRole("button", { name: "Save now" }).click();
  await expect(page.getByText(/^Saved \d/)).toBeVisible();
  await checkAccessibility();

  await page.getByRole("link", { name: "Schedule and send" }).click();
  await checkAccessibility();
  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /Schedule for/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(page.getByText("Scheduled. You can take it back")).toBeVisible();

  const whole = await mailbox.waitForMail({
    to: "member@example.com",
    subject: "A journey",
    timeout: 60_000,
  });
  const cut = await mailbox.waitForMail({ to: "reader@example.com", subject: "A journey", timeout: 60_000 });
  expect(whole.text).toContain("CANARY-4c1d");
  expect(await cut.source()).not.toContain("CANARY-4c1d");
  expect(cut.text).toContain("Free words for all.");
  expect(cut.header("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
  expect(cut.header("List-Id")).toBeTruthy();
  expect(cut.html).toContain('lang="en"');
});

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
