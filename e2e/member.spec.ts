import type { Browser, Page } from "@playwright/test";
import { expect, newAddress, test } from "./setup/fixtures";
import { codeIn, type Mailbox } from "./setup/mailbox";
import type { StripeSandbox } from "./setup/stripe";

const PAID_ISSUE = "retrieval-fails-first";
/** An older one, to show that a membership opens the archive and not only where it was bought. */
const OLDER_ISSUE = "what-eight-bits-buy";

test("a whole life, while webhooks come twice, late and out of order: trial at the wall, charge, a card that fails and is mended, cancelled, closed, back without a trial", async ({
  page,
  browser,
  mailbox,
  stripe,
  checkAccessibility,
}) => {
  test.setTimeout(600_000);
  const email = newAddress("member");
  await stripe.setChaos({ duplicate: 0.4, delay: 0.3, reorder: 0.3, twice: 0.3, delayMs: 400 });
  await page.goto(`/p/${PAID_ISSUE}`);
  await expect(page.getByRole("heading", { name: "Keep reading, free for 7 days" })).toBeVisible();
  await page.getByRole("link", { name: "Start 7 days free" }).click();
  await expect(page.getByText("$3 a month, for the first time on")).toBeVisible();
  await checkAccessibility();
  await giveAddress(page, mailbox, email);
  await checkAccessibility();
  await page.getByRole("button", { name: "Start my 7 days free" }).click();
  await page.waitForURL(/\/c\/pay\//);
  await expect(page.getByText("7 days free")).toBeVisible();
  await page.getByRole("button", { name: "Start trial" }).click();
  await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible();
  await checkAccessibility();

  await page.getByRole("link", { name: "Read on where you were" }).click();
  await expectOpen(page);
  await page.goto(`/p/${OLDER_ISSUE}`);
  await expectOpen(page);

  const begun = await mailbox.waitForMail({ to: email, subject: "has begun" });
  expect(begun.text).toContain(`First charge: ${await firstChargeOf(stripe, email)}`);
  expect(begun.text).toContain("Price: $3 a month");
  expect(begun.link("/cancel")).toContain("/cancel?token=");
  await stripe.advance({ days: 4, hours: 1 });
  const reminder = await mailbox.waitForMail({ to: email, subject: "ends soon" });
  expect(reminder.text).toContain(`First charge: ${await firstChargeOf(stripe, email)}`);
  await stripe.advance({ days: 3, hours: 3 });
  const first = await mailbox.waitForMail({ to: email, subject: "Receipt: $3" });

  await page.goto("/account");
  await expect(page.getByText("You pay $3 a month.")).toBeVisible();
  await page.getByRole("button", { name: "Card, invoices, cancel" }).click();
  await expect(page.getByRole("button", { name: "Cancel at the end of the period" })).toBeVisible();
  await useCard(page, "4000 0000 0000 0341");
  await stripe.advanceTo((await accountOf(stripe, email)).paidUntil + 7_200);
  await mailbox.waitForMail({ to: email, subject: "did not go through" });
  await page.goto("/account");
  await expect(page.getByText("Your last payment did not go through.")).toBeVisible();
  await checkAccessibility();
  await page.goto(`/p/${PAID_ISSUE}`);
  await expectOpen(page);
  await page.goto("/account");
  await page.getByRole("button", { name: "Update my card" }).click();
  await useCard(page, "4242 4242 4242 4242");
  await stripe.advanceTo((await accountOf(stripe, email)).nextTry + 60);
  const receipt = await mailbox.waitForMail({ to: email, subject: "Receipt: $3", after: first.id });
  await cancelFromMail(browser, receipt.link("/cancel"));
  await mailbox.waitForMail({ to: email, subject: "You cancelled" });
  await page.goto("/account");
  await expect(page.getByText("Your membership is cancelled.")).toBeVisible();
  await checkAccessibility();
  await page.goto(`/p/${PAID_ISSUE}`);
  await expectOpen(page);

  await stripe.advanceTo((await accountOf(stripe, email)).paidUntil + 7_200);
  await mailbox.waitForMail({ to: email, subject: "has ended" });
  await page.goto(`/p/${PAID_ISSUE}`);
  await expect(page.getByRole("heading", { name: "Read on as a member again" })).toBeVisible();
  await checkAccessibility();
  await page.getByRole("link", { name: "Become a member", exact: true }).click();
  await expect(page.getByText("$3 a month, for the first time today.")).toBeVisible();
  await page.getByRole("link", { name: "Yearly" }).click();
  await expect(page.getByText("$30 a year, for the first time today.")).toBeVisible();
  await checkAccessibility();
  await page.getByRole("button", { name: "Join for $30 a year" }).click();
  await expect(page.getByText("$30.00 due today")).toBeVisible();
  await page.getByRole("button", { name: /Subscribe|Pay/ }).click();
  await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible();
  await mailbox.waitForMail({ to: email, subject: "Receipt: $30" });
  await page.goto(`/p/${PAID_ISSUE}`);
  await expectOpen(page);
  const subjects = (await mailbox.list({ to: email })).map((mail) => mail.subject);
  const about = /Receipt|trial|through|cancelled|ended/;
  expect(subjects.filter((subject) => about.test(subject)).reverse()).toEqual([
    expect.stringContaining("has begun"),
    expect.stringContaining("ends soon"),
    expect.stringContaining("Receipt: $3 "),
    expect.stringContaining("did not go through"),
    expect.stringContaining("Receipt: $3 "),
    expect.stringContaining("You cancelled"),
    expect.stringContaining("has ended"),
    expect.stringContaining("Receipt: $30 "),
  ]);
});

test.afterEach(({ stripe }) => stripe.setChaos());

test.describe("without JavaScript", () => {
  // The sandbox answers a declined card with 422, which the browser reports.
  test.use({ javaScriptEnabled: false, expectedErrors: [/422/] });

  test("a declined card is said in plain words and another one works", async ({ page, mailbox }) => {
    test.setTimeout(300_000);
    await page.goto(`/join?issue=${PAID_ISSUE}`);
    await giveAddress(page, mailbox, newAddress("declined"));
    await page.getByRole("button", { name: "Start my 7 days free" }).click();
    await page.getByLabel("Card number").fill("4000 0000 0000 0002");
    await page.getByRole("button", { name: "Start trial" }).click();
    await expect(page.getByRole("alert")).toContainText("Your card was declined.");
    await page.getByLabel("Card number").fill("4242 4242 4242 4242");
    await page.getByRole("button", { name: "Start trial" }).click();
    await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible();
    await page.getByRole("link", { name: "Read on where you were" }).click();
    await expectOpen(page);
  });
});

test("the page after the checkout opens nothing for an address made up or taken from somebody else", async ({
  page,
  browser,
  mailbox,
  checkAccessibility,
}) => {
  test.setTimeout(300_000);
  await page.goto(`/join?issue=${PAID_ISSUE}`);
  await giveAddress(page, mailbox, newAddress("payer"));
  await page.getByRole("button", { name: "Start my 7 days free" }).click();
  await page.waitForURL(/\/c\/pay\//);
  const session = new URL(page.url()).pathname.split("/").at(-1);
  await page.getByRole("button", { name: "Start trial" }).click();
  await expect(page.getByRole("heading", { name: "You are in" })).toBeVisible();

  const site = new URL(page.url()).origin;
  const context = await browser.newContext({ baseURL: site });
  const other = await context.newPage();
  await other.goto(`/join/done?session_id=${session}`);
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await other.goto(`/join?issue=${PAID_ISSUE}`);
  await giveAddress(other, mailbox, newAddress("other"));
  await expect(other.getByRole("button", { name: "Start my 7 days free" })).toBeVisible();
  for (const id of [session, "cs_test_made_up"]) {
    await other.goto(`/join/done?session_id=${id}&try=5`);
    await expect(other.getByRole("heading", { name: "We have not heard from Stripe yet" })).toBeVisible();
  }
  await checkAccessibility(other);
  await other.goto(`/p/${PAID_ISSUE}`);
  await expect(other.getByRole("heading", { name: /Keep reading/ })).toBeVisible();
  await context.close();
});

/** On the offer: the address, then the code from the mail, then back on the offer. */
async function giveAddress(page: Page, mailbox: Mailbox, email: string): Promise<void> {
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  const mail = await mailbox.waitForMail({ to: email, subject: "is your code" });
  await page.getByLabel("Code from the mail").fill(codeIn(mail));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/join\?issue=/);
}

/** Two clicks, in a browser that nobody is signed in with and that runs no scripts. */
async function cancelFromMail(browser: Browser, link: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByText("Everything stays open until")).toBeVisible();
  await page.getByRole("button", { name: "Cancel my membership" }).click();
  await expect(page.getByRole("heading", { name: "Your membership is cancelled" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep the membership" })).toBeVisible();
  await context.close();
}

async function expectOpen(page: Page): Promise<void> {
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(page.getByText("For members", { exact: true })).toHaveCount(0);
}

/** On Stripe's portal. */
async function useCard(page: Page, number: string): Promise<void> {
  await page.getByText("Enter another card").click();
  await page.getByLabel("Card number").fill(number);
  await page.getByRole("button", { name: "Use this card" }).click();
  await expect(page.getByText(`ending in ${number.slice(-4)}`).first()).toBeVisible();
}

type Account = {
  customers: { id: string; email: string }[];
  subscriptions: {
    customer: string;
    trial_end: number;
    items: { data: { current_period_end: number }[] };
  }[];
  invoices: { customer: string; status: string; next_payment_attempt: number | null }[];
};

/** What Stripe holds of this address: when the trial ends, when what is paid ends, when a failed charge is tried again. */
async function accountOf(stripe: StripeSandbox, email: string) {
  const { customers, subscriptions, invoices } = (await stripe.state()) as Account;
  const id = customers.find((customer) => customer.email === email)?.id;
  const subscription = subscriptions.find(({ customer }) => customer === id);
  if (!subscription) throw new Error(`Stripe knows nothing of ${email}.`);
  const open = invoices.find(({ customer, status }) => customer === id && status === "open");
  return {
    trialEnd: subscription.trial_end,
    paidUntil: subscription.items.data[0]?.current_period_end ?? 0,
    nextTry: open?.next_payment_attempt ?? 0,
  };
}

/** The day of the first charge by Stripe, as a reader sees it. */
async function firstChargeOf(stripe: StripeSandbox, email: string): Promise<string> {
  const { trialEnd } = await accountOf(stripe, email);
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "Europe/London",
  });
  return format.format(trialEnd * 1_000);
}
