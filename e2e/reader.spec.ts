import { load } from "cheerio";
import { expect, newAddress, test } from "./setup/fixtures";
import { pressButton } from "./setup/press-button";
import { subscribe } from "./setup/readers";

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
  await expect(page.getByRole("heading", { name: "Check your inbox" })).toBeVisible();
  await checkAccessibility();
  const confirm = await mailbox.waitForMail({ to: email, subject: "Confirm" });
  expect(confirm.header("Auto-Submitted")).toBe("auto-generated");
  await page.goto(confirm.link("/confirm"));
  await checkAccessibility();
  await page.getByRole("button", { name: "Confirm my subscription" }).click();
  await expect(page.getByRole("heading", { name: "You are subscribed" })).toBeVisible();
  await checkAccessibility();
  const welcome = await mailbox.waitForMail({ to: email, subject: "Welcome" });
  const latest = welcome.link("/p/");
  expect(welcome.text).toContain(latest);
  await page.goto(latest);
  const title = await page.getByRole("heading", { level: 1 }).textContent();
  expect(welcome.text).toContain(title);
});

test("signing up and confirming works without JavaScript, in another browser than the one that asked", async ({
  browser,
  running: { site: baseURL },
  mailbox,
}) => {
  const email = newAddress("plain");
  const asking = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const confirming = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await asking.newPage();
  await page.goto("/");
  await page.getByLabel("Your e-mail address").first().fill(email);
  await page.getByRole("button", { name: "Subscribe" }).first().click();
  await expect(page.getByRole("heading", { name: "Check your inbox" })).toBeVisible();
  const other = await confirming.newPage();
  await other.goto((await mailbox.waitForMail({ to: email })).link("/confirm"));
  await other.getByRole("button", { name: "Confirm my subscription" }).click();
  await expect(other.getByRole("heading", { name: "You are subscribed" })).toBeVisible();
  await mailbox.waitForMail({ to: email, subject: "Welcome" });
  await asking.close();
  await confirming.close();
});

test("opening a confirmation link changes nothing until the button is pressed", async ({ page, mailbox }) => {
  const email = newAddress();
  await pressButton(page.request, "/", "Subscribe", { email });
  const link = (await mailbox.waitForMail({ to: email })).link("/confirm");
  for (const method of ["GET", "HEAD", "GET"]) await fetch(link, { method });
  await page.goto(link);
  await expect(page.getByRole("button", { name: "Confirm my subscription" })).toBeVisible();
  expect(await mailbox.list({ to: email, subject: "Welcome" })).toEqual([]);
});

test("an address that is known gets the same answer on the page as one that is not", async ({
  newReader,
  mailbox,
}) => {
  const known = newAddress("known");
  await subscribe(await newReader(), mailbox, known);
  const answersTo = async (email: string) => {
    const reader = await newReader();
    const answers = [
      await pressButton(reader, "/", "Subscribe", { email }),
      await pressButton(reader, "/sign-in", "Mail me a code", { email }),
    ];
    return answers.map(({ url, html }) => ({ url: url.href, words: load(html)("main").text() }));
  };
  const answers = await answersTo(known);
  for (const { url, words } of answers) {
    expect(url).toContain("sent=1");
    expect(words.length).toBeGreaterThan(100);
  }
  expect(await answersTo(newAddress("unknown"))).toEqual(answers);
});

for (const javaScriptEnabled of [true, false]) {
  test(`an address that cannot be one stays in the box with what is wrong, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async ({
    browser,
    running: { site: baseURL },
    checkAccessibility,
  }) => {
    const context = await browser.newContext({ javaScriptEnabled, baseURL });
    const page = await context.newPage();
    await page.goto("/");
    await page.getByLabel("Your e-mail address").first().fill("somebody@nowhere");
    await page.getByRole("button", { name: "Subscribe" }).first().click();
    const field = page.getByLabel("Your e-mail address");
    await expect(field).toHaveValue("somebody@nowhere");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription("Write one address, such as name@example.com.");
    if (javaScriptEnabled) await checkAccessibility(page);
    await context.close();
  });
}

test("the archive and an open issue are complete without JavaScript", async ({
  browser,
  running: { site: baseURL },
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto("/archive?q=test+set");
  await page
    .getByRole("link", { name: /test set is an instrument/i })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("test set");
  await expect(page.locator("article")).toContainText("A test set is a sample");
  await context.close();
});

test("the archive finds an issue by its words, says so when there is none, and loses nothing that was typed", async ({
  page,
  checkAccessibility,
}) => {
  await page.goto("/archive");
  await checkAccessibility();
  await page.getByRole("searchbox").fill("quantum zebra");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/q=quantum/);
  await expect(page.getByRole("searchbox")).toHaveValue("quantum zebra");
  await expect(page.locator("main")).toContainText(/no issue|nothing/i);
  await checkAccessibility();
});

test("an issue asks no other site for anything, and the page does not shift while it loads", async ({
  page,
  running,
}) => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(running.site).origin) foreign.push(request.url());
  });
  await page.addInitScript(() => {
    const seen = window as unknown as { shift: number };
    seen.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const path of ["/", "/archive", "/p/a-test-set-is-an-instrument", "/p/retrieval-fails-first"]) {
    // What must not happen is waited for until the page asks for nothing more.
    await page.goto(path, { waitUntil: "networkidle" });
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => (window as unknown as { shift: number }).shift), path).toBeLessThan(
      0.02,
    );
  }
  expect(foreign).toEqual([]);
});

test("at 360 pixels and with text at twice its size, no page scrolls sideways", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const paths = [
    "/",
    "/archive",
    "/subscribe",
    "/sign-in",
    "/join",
    "/p/a-test-set-is-an-instrument",
    "/p/the-leak-you-shipped",
    "/p/what-eight-bits-buy",
    "/p/retrieval-fails-first",
  ];
  for (const path of paths) {
    await page.goto(path);
    for (const size of ["100%", "200%"]) {
      await page.addStyleTag({ content: `html{font-size:${size}}` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, `${path} at ${size}`).toBeLessThanOrEqual(360);
    }
  }
});

test("the first Tab on an issue leads past the head of the page", async ({ page }) => {
  await page.goto("/p/a-test-set-is-an-instrument");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the text" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});

test("an address that leads nowhere shows a page with a way on", async ({ page }) => {
  const response = await page.request.get("/p/there-is-no-such-issue");
  expect(response.status()).toBe(404);
  expect(await response.text()).toContain("/archive");
});
