import { readFile } from "node:fs/promises";
import { expect, newAddress, test } from "./setup/fixtures";
import { codeIn } from "./setup/mailbox";
import { renewFeed, startTrial, subscribe } from "./setup/readers";

for (const javaScriptEnabled of [true, false]) {
  test(`a wrong code says so and keeps what was typed, and the right one signs in and leads on, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async ({
    browser,
    running: { site },
    newReader,
    mailbox,
    checkAccessibility,
  }) => {
    const email = newAddress();
    await subscribe(await newReader(), mailbox, email);
    const context = await browser.newContext({ javaScriptEnabled, baseURL: site });
    const page = await context.newPage();
    await page.goto("/sign-in?next=/archive");
    if (javaScriptEnabled) await checkAccessibility(page);
    await page.getByLabel("Your e-mail address").fill(email);
    await page.getByRole("button", { name: "Mail me a code" }).click();
    const code = codeIn(await mailbox.waitForMail({ to: email, subject: "is your code" }));
    const wrong = code.startsWith("A") ? "BBBBBB" : "AAAAAA";
    const field = page.getByLabel("Code from the mail");
    await field.fill(wrong);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(field).toHaveAccessibleDescription(
      "That is not the code from the latest mail. You have 4 more tries.",
    );
    await expect(field).toHaveValue(wrong);
    if (javaScriptEnabled) await checkAccessibility(page);
    await field.fill(code.toLowerCase());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(/\/archive$/);
    await context.close();
  });
}

test("the mailed link signs in by a button alone, only once, and only where it was asked for", async ({
  page,
  browser,
  running: { site },
  newReader,
  mailbox,
  checkAccessibility,
}) => {
  const email = newAddress();
  const phone = await browser.newContext({ baseURL: site });
  const onPhone = await phone.newPage();
  await subscribe(await newReader(), mailbox, email);
  await page.goto("/sign-in");
  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByRole("button", { name: "Mail me a code" }).click();
  const link = (await mailbox.waitForMail({ to: email, subject: "is your code" })).link("/sign-in/link");
  for (const method of ["GET", "HEAD"]) await fetch(link, { method });
  await onPhone.goto(link);
  await expect(onPhone.getByRole("heading", { name: "You asked in another browser" })).toBeVisible();
  await checkAccessibility(onPhone);
  await phone.close();

  await page.goto(link);
  await checkAccessibility();
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await checkAccessibility();
});

test("a reader sets what is mailed, has a name and a feed of their own, and takes their data along", async ({
  page,
  mailbox,
  checkAccessibility,
}) => {
  const email = newAddress();
  await subscribe(page.request, mailbox, email);
  await page.goto("/account");
  await checkAccessibility();
  await page.getByRole("button", { name: "Stop the mail" }).click();
  await expect(page.getByText("You get no more issues by mail.")).toBeVisible();
  await page.getByRole("button", { name: "Send me each issue" }).click();
  await expect(page.getByText("The next issue comes by mail.")).toBeVisible();

  await page.getByLabel("Your name").fill("Ada Example");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByText("Your name is saved.")).toBeVisible();
  await expect(page.getByLabel("Your name")).toHaveValue("Ada Example");

  const first = await renewFeed(page.request);
  expect((await fetch(first)).status).toBe(200);
  const second = await renewFeed(page.request);
  expect(second).not.toBe(first);
  expect((await fetch(first)).status).toBe(404);
  expect((await fetch(second)).status).toBe(200);

  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download what we know about you" }).click();
  const text = await readFile(await (await waiting).path(), "utf8");
  expect(JSON.parse(text)).toMatchObject({ email, name: "Ada Example", status: "CONFIRMED" });
  expect(text).not.toContain(new URL(second).pathname.slice("/feed/".length, -".xml".length));
});

test("signing out everywhere ends the session of the other browser, too", async ({
  page,
  newReader,
  mailbox,
  signIn,
}) => {
  const email = newAddress();
  const other = await newReader();
  const isSignedIn = async () => (await (await other.get("/account")).text()).includes(email);
  await subscribe(other, mailbox, email);
  await signIn(email);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  expect(await isSignedIn()).toBe(true);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.waitForURL(/\/sign-in/);
  expect(await isSignedIn()).toBe(false);
});

test("erasing asks for the words, ends the membership at Stripe, and leaves nothing of the person", async ({
  page,
  mailbox,
  stripe,
  checkAccessibility,
}) => {
  const email = newAddress();
  await subscribe(page.request, mailbox, email);
  await startTrial(page.request, stripe);
  const unsubscribe = (await mailbox.waitForMail({ to: email, subject: "Welcome" })).link("/unsubscribe");
  await page.goto("/account");
  await page.getByText("Erase me", { exact: true }).first().click();
  const words = page.getByLabel(/^Type/);
  await words.fill("erase");
  await page.getByRole("button", { name: "Erase me" }).click();
  await expect(words).toHaveAccessibleDescription('Type "erase me" to go on.');
  await expect(words).toHaveValue("erase");
  await checkAccessibility();
  await words.fill("erase me");
  await page.getByRole("button", { name: "Erase me" }).click();
  await expect(page.getByRole("heading", { name: "You are erased" })).toBeVisible();
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await stripe.subscriptionsOf(email)).map(({ status }) => status)).toEqual(["canceled"]);
  await page.goto(unsubscribe);
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
});
