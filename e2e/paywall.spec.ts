import type { Page } from "@playwright/test";
import { expect, newAddress, test } from "./setup/fixtures";
import { startTrial, subscribe } from "./setup/readers";

const ISSUE = "/p/retrieval-fails-first";
const TRIAL = "Keep reading, free for 7 days";
const AGAIN = "Read on as a member again";

for (const javaScriptEnabled of [true, false]) {
  test(`a stranger reads the free part and is told what the rest costs, when it charges and how to leave, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async ({
    browser,
    running: { site },
    checkAccessibility,
  }) => {
    const context = await browser.newContext({ javaScriptEnabled, baseURL: site });
    const page = await context.newPage();
    await page.goto(ISSUE);
    const wall = page.getByRole("region", { name: TRIAL });
    await expect(wall).toContainText("Nothing for 7 days, then $3 a month or $30 a year (two months free).");
    await expect(wall).toContainText("told of it by mail before it happens");
    await expect(wall).toContainText("Cancel before the trial ends and you pay nothing.");
    await expect(wall.getByRole("link", { name: "Sign in" })).toHaveAttribute(
      "href",
      `/sign-in?next=${encodeURIComponent(ISSUE)}`,
    );
    await expect(page.locator("article")).toContainText("to the end of the free part");
    if (javaScriptEnabled) await checkAccessibility(page);
    await wall.getByRole("link", { name: "Start 7 days free" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("7 days free, then $3 a month");
    await expect(page.getByLabel("Your e-mail address")).toBeVisible();
    await context.close();
  });
}

test("a guest of the author reads every issue to its end, and nobody offers them anything", async ({
  page,
  signIn,
  checkAccessibility,
}) => {
  await page.goto(ISSUE);
  const free = (await articleOf(page)).length;
  await signIn("member@example.com", { next: ISSUE });
  await expect(page).toHaveURL(new RegExp(`${ISSUE}$`));
  await expect(page.locator(".paywall")).toHaveCount(0);
  await expect(page.locator("article")).not.toContainText("free part");
  expect((await articleOf(page)).length).toBeGreaterThan(free + 500);
  await expect(page.locator("main").getByRole("link", { name: /7 days|\$3|member/i })).toHaveCount(0);
  await checkAccessibility();
  await page.goto("/join");
  await expect(page.getByRole("heading", { name: "You are a member" })).toBeVisible();
});

test("a subscriber is offered the trial, reads on while a cancelled one lasts, and is then offered the price alone", async ({
  page,
  mailbox,
  stripe,
  checkAccessibility,
}) => {
  const email = newAddress("lapsing");
  await subscribe(page.request, mailbox, email);
  await page.goto(ISSUE);
  const wall = page.getByRole("region", { name: TRIAL });
  await expect(wall).toBeVisible();
  await expect(wall.getByRole("link", { name: "Sign in" })).toHaveCount(0);
  const free = await articleOf(page);
  await checkAccessibility();

  await startTrial(page.request, stripe);
  await page.goto(ISSUE);
  await expect(page.locator(".paywall")).toHaveCount(0);
  const whole = await articleOf(page);
  expect(whole.length).toBeGreaterThan(free.length + 500);

  await page.goto("/account");
  await page.getByRole("button", { name: "Card, invoices, cancel" }).click();
  await page.waitForURL((url) => stripe.isAt(url));
  await page.getByRole("button", { name: "Cancel at the end of the period" }).click();
  await expect(page.getByRole("button", { name: "Keep the subscription" })).toBeVisible();
  await mailbox.waitForMail({ to: email, subject: "You cancelled" });
  await page.goto("/account");
  await expect(page.getByText("Your trial is cancelled")).toBeVisible();
  await page.goto(ISSUE);
  expect(await articleOf(page)).toBe(whole);

  await stripe.cancelAtOnce(email);
  await mailbox.waitForMail({ to: email, subject: "has ended" });
  await page.goto(ISSUE);
  const again = page.getByRole("region", { name: AGAIN });
  await expect(again).toContainText("$3 a month or $30 a year (two months free), charged today");
  await expect(again).not.toContainText(/7 days|trial/i);
  expect(await articleOf(page)).not.toContain(whole.slice(-200));
  await checkAccessibility();

  await again.getByRole("link", { name: "Become a member" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Membership, $3 a month");
  await expect(page.locator("main")).not.toContainText(/trial|7 days/);
  await page.getByRole("button", { name: "Join for $3 a month" }).click();
  await page.waitForURL((url) => stripe.isAt(url));
  await page.getByRole("button", { name: "Subscribe", exact: true }).click();
  await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible();
  const receipt = await mailbox.waitForMail({ to: email, subject: "Receipt" });
  expect(receipt.subject).toContain("$3");
});

/** The words of the issue itself, without the wall and the boxes in it. */
async function articleOf(page: Page): Promise<string> {
  return page.locator("article").evaluate((article) => {
    const copy = article.cloneNode(true) as HTMLElement;
    for (const part of copy.querySelectorAll(".paywall, form")) part.remove();
    return copy.textContent ?? "";
  });
}
