import { expect, newAddress, test } from "./setup/fixtures";

const PAID_ISSUE = "retrieval-fails-first";

test("a stranger meets the paywall, takes the trial, reads on, is charged on day seven and told of it", async ({
  page,
  mailbox,
  stripe,

  checkAccessibility,
}) => {
  test.setTimeout(120_000);
  const email = newAddress("member");
  await page.goto(`/p/${PAID_ISSUE}`);
  await expect(page.getByRole("heading", { name: /Keep reading, free for 7 days/ })).toBeVisible();
  await checkAccessibility();
  await page.getByRole("link", { name: "Start 7 days free" }).click();
  await checkAccessibility();
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  const mail = await mailbox.waitForMail({ to: email, subject: "is your code" });
  await page.getByLabel("Code from the mail").fill(mail.subject.slice(0, 6));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Start my 7 days free" }).click();

  await page.waitForURL((url) => url.origin === new URL(stripe.url).origin);
  await page
    .getByRole("button", { name: /trial|subscribe|pay/i })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("link", { name: "Read on where you were" }).click();
  await expect(page.getByRole("heading", { name: /Keep reading/ })).toHaveCount(0);
  await mailbox.waitForMail({ to: email, subject: "trial" });

  await stripe.advance({ days: 4, hours: 1 });
  await mailbox.waitForMail({ to: email, subject: "ends" });
  await stripe.advance({ days: 3, hours: 3 });
  const receipt = await mailbox.waitForMail({ to: email, subject: "Receipt" });
  expect(receipt.subject).toContain("$3");
  await page.goto("/account");
  await expect(page.getByText("You are a member")).toBeVisible();
  await checkAccessibility();
});
