import { expect, newAddress, test } from "./setup/fixtures";
import { codeIn } from "./setup/mailbox";

const PAID_ISSUE = "retrieval-fails-first";

test("a stranger buys a gift, and its receiver redeems it in a browser of their own and reads", async ({
  page,
  browser,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  test.setTimeout(300_000);
  const [giver, receiver] = [newAddress("giver"), newAddress("receiver")];
  await page.goto("/gift");
  await checkAccessibility();
  await page.getByLabel("3 months").check();
  await page.getByLabel("Your e-mail address").fill(giver);
  await page.getByLabel("By mail, now").check();
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await expect(page.getByText("Write the receiver's address")).toBeVisible();
  await expect(page.getByLabel("Your e-mail address")).toHaveValue(giver);
  await page.getByLabel("The receiver's e-mail address").fill(receiver);
  await page.getByLabel("A message").fill("For the long evenings.");
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.waitForURL(/\/c\/pay\//);
  await expect(page.getByText("$9.00").first()).toBeVisible();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByRole("heading", { name: "Thank you for the gift" })).toBeVisible();
  await checkAccessibility();
  const receipt = await mailbox.waitForMail({ to: giver, subject: "Receipt: $9" });
  const mail = await mailbox.waitForMail({ to: receiver, subject: "A gift for you" });
  expect(mail.text).toContain("For the long evenings.");
  expect(receipt.link("/gift/")).toBe(mail.link("/gift/"));

  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const other = await context.newPage();
  await other.goto(mail.link("/gift/"));
  await checkAccessibility(other);
  await other.getByLabel("Your e-mail address").fill(receiver);
  await other.getByRole("button", { name: "Continue" }).click();
  const code = codeIn(await mailbox.waitForMail({ to: receiver, subject: "is your code" }));
  await other.getByLabel("Code from the mail").fill(code);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByRole("button", { name: "Redeem the gift" }).click();
  await expect(other.getByRole("heading", { name: "The gift is yours" })).toBeVisible();
  await other.goto(`/p/${PAID_ISSUE}`);
  await expect(other.getByText("For members", { exact: true })).toHaveCount(0);
  await context.close();
  await page.goto(receipt.link("/gift/"));
  await expect(page.getByRole("heading", { name: "This gift was redeemed already" })).toBeVisible();

  await signIn(author, { next: `/admin/gifts?q=${encodeURIComponent(giver)}` });
  await expect(page.getByRole("row", { name: new RegExp(`${giver} ${receiver} redeemed`) })).toBeVisible();
  await checkAccessibility();
});
