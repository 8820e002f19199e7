import { expect, newAddress, test } from "./setup/fixtures";
import { importIssue, type NewIssue, newTitle } from "./setup/issues";

// The preview's frame refuses scripts, and Chromium says so.
test.use({ expectedErrors: [/Blocked script execution in '[^']*\/preview\//] });

/** An issue that nobody has written before. */
function newIssue(words: string): NewIssue {
  const titled = newTitle(words);
  return {
    ...titled,
    subject: `${titled.title}, by mail`,
    preheader: "What stands in the inbox beside it",
    audience: "MEMBERS",
    text: `Free words for **all**, and a [way on](https://example.com/way-on).

::paywall

CANARY-4c1d behind the wall.
`,
  };
}

test("the author writes, previews and sends an issue, and it arrives whole or cut as each reader may read", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  // Hundreds of messages go out in between; only to end what hangs.
  test.setTimeout(600_000);
  const issue = newIssue("A journey to the inbox");
  const { title, slug } = issue;
  await signIn(author, { next: "/admin/import" });
  await importIssue(page, issue);
  const desk = page.url();
  await expect(page.getByRole("heading", { name: "Ready to go" })).toBeVisible();
  await expect(page).toHaveTitle(title);
  await checkAccessibility();

  await page.getByRole("link", { name: "Preview" }).click();
  await expect(page.locator("iframe")).toBeVisible();
  await checkAccessibility();
  const inFrame = page.frameLocator("iframe");
  const canary = inFrame.getByText("CANARY-4c1d");
  const free = inFrame.getByText("Free words for");
  for (const { place, reader, whole } of [
    { place: "On the web", reader: "A stranger", whole: false },
    { place: "On the web", reader: "A subscriber", whole: false },
    { place: "On the web", reader: "A member", whole: true },
    { place: "In the mail", reader: "A subscriber", whole: false },
    { place: "In the mail", reader: "A member", whole: true },
    { place: "Text of the mail", reader: "A subscriber", whole: false },
    { place: "Text of the mail", reader: "A member", whole: true },
  ]) {
    await page.getByRole("link", { name: place }).click();
    await page.getByRole("link", { name: reader }).click();
    await expect(page.getByRole("link", { name: reader })).toHaveAttribute("aria-current", "page");
    await expect(free.first()).toBeVisible();
    await expect(canary).toHaveCount(whole ? 1 : 0);
    if (place === "On the web") {
      const font = await inFrame.locator("h1").evaluate((heading) => getComputedStyle(heading).fontFamily);
      expect(font, "the frame gets the site's styles").toMatch(/source.?serif/i);
    }
  }

  await page.goto(desk);
  await page.getByLabel("As it goes to").selectOption("TEASER");
  await page.getByRole("button", { name: `Mail it to ${author}` }).click();
  await expect(page.getByText("The test mail is on its way to you.")).toBeVisible();
  const trial = await mailbox.waitForMail({ to: author, subject: title });
  expect(trial.subject).toBe(`[Test] ${title}, by mail`);
  expect(trial.text).toContain("Free words for");
  expect(await trial.source()).not.toContain("CANARY-4c1d");

  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /^Send now to/ }).press("Enter");
  await expect(page.getByRole("dialog")).toContainText("Send it now?");
  await expect(page.getByRole("button", { name: "Not yet" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText("Goes out")).toHaveCount(0);
  await page.getByRole("button", { name: /^Send now to/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(page.getByRole("region", { name: "Sending" })).toBeVisible();
  await expect(page.getByText(/^Sent to [\d,]+ (of [\d,]+ )?readers/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("100%").first()).toBeVisible();
  await checkAccessibility();
  await page.getByText("Every reader, one row each").click();
  await page.getByLabel("Search addresses").fill("member@example.com");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("row", { name: /member@example.com sent the whole issue/ })).toBeVisible();
  await page.getByLabel("State").selectOption("FAILED");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Nobody matches.")).toBeVisible();

  await page.goto(`${desk}?q=member@example.com`);
  await page
    .getByRole("row", { name: /member@example.com/ })
    .getByRole("link", { name: "the whole issue" })
    .click();
  await expect(page.getByText("These are the very bytes that went to the mail server.")).toBeVisible();
  await expect(canary).toHaveCount(1);
  await page.getByRole("link", { name: "The reader" }).click();
  const mailed = page.getByRole("region", { name: "Issues mailed to this person" });
  await expect(mailed.getByRole("row").filter({ hasText: title })).toContainText("sent");
  await page.getByRole("link", { name: "Health", exact: true }).click();
  await expect(page.getByText(/^It took the last mail/)).toBeVisible();
  await checkAccessibility();

  const whole = await mailbox.waitForMail({ to: "member@example.com", subject: title });
  const cut = await mailbox.waitForMail({ to: "reader@example.com", subject: title });
  expect(whole.subject).toBe(`${title}, by mail`);
  expect(whole.text).toContain("CANARY-4c1d");
  expect(whole.html).toContain("CANARY-4c1d");
  expect(await cut.source()).not.toContain("CANARY-4c1d");
  expect(cut.text).toContain("Free words for");
  expect(cut.text).toContain("https://example.com/way-on");
  expect(cut.header("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
  expect(cut.header("List-Unsubscribe")).toMatch(/^<http.*\/api\/unsubscribe\?token=/);
  expect(cut.header("List-Id")).toBeTruthy();
  expect(cut.header("Message-ID")).not.toBe(whole.header("Message-ID"));
  expect(cut.html).toContain('lang="en"');

  const stranger = await newReader();
  const feed = async () => (await stranger.get("/feed.xml")).text();
  const publicPage = async () => (await stranger.get(`/p/${slug}`)).status();
  const archive = async () => (await stranger.get("/archive")).text();
  await expect.poll(feed).toContain(title);
  expect(await feed()).not.toContain("CANARY-4c1d");
  await expect.poll(archive).toContain(title);
  expect(await publicPage()).toBe(200);

  await page.goto(desk);
  await page.getByText("Withdraw it", { exact: true }).click();
  await page.getByRole("button", { name: "Withdraw it now" }).click();
  await expect(page.getByText("Withdrawn. Its page is gone")).toBeVisible();
  await expect.poll(publicPage).toBe(404);
  await expect.poll(archive).not.toContain(title);
  await page.getByRole("button", { name: "Put it back into the archive" }).click();
  await expect(page.getByText("It is back in the archive.")).toBeVisible();
  await expect.poll(publicPage).toBe(200);
  expect((await mailbox.list({ to: "reader@example.com", subject: title })).length).toBe(1);
});

test("a moment is chosen, refused in plain words, taken back, and nothing typed is lost", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  const issue = newIssue("Moments");
  const { title } = issue;
  await signIn(author, { next: "/admin/import" });
  await importIssue(page, issue);
  const schedule = page.getByRole("button", { name: /Schedule for/ });
  const field = page.getByLabel(/Date and time in/);

  await schedule.click();
  await expect(page.getByText(/^Goes out Friday/)).toBeVisible();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back.")).toBeVisible();
  await expect(page.getByText(/^Goes out/)).toHaveCount(0);

  for (const { moment, words } of [
    { moment: "2020-02-02T09:00", words: "That moment has passed." },
    { moment: "2099-02-02T09:00", words: "more than two years away" },
    { moment: "", words: "Write a date and a time." },
  ]) {
    await field.fill(moment);
    await schedule.press("Enter");
    await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
    await expect(field).toBeFocused();
    await expect(field).toHaveValue(moment);
    await expect(page.getByRole("radio", { name: "At another moment" })).toBeChecked();
  }
  await checkAccessibility();

  const year = new Date().getFullYear() + 1;
  await field.fill(`${year}-03-05T18:30`);
  await schedule.press("Enter");
  const moment = page.getByText(new RegExp(`^Goes out .*5 March ${year} at 18:30`));
  await expect(moment).toBeVisible();
  await expect(page.locator(":focus")).toHaveText("Scheduled. You can take it back until it goes out.");
  await expect(page.getByRole("radio", { name: "At this moment" })).toBeChecked();
  await schedule.click();
  await expect(page.getByText("Scheduled. You can take it back")).toBeVisible();
  await expect(moment).toBeVisible();
  await page.goto("/admin/issues?shelf=scheduled");
  await expect(page.getByRole("link", { name: title })).toBeVisible();
  await checkAccessibility();
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Taken back.")).toHaveCount(0);
});

test("drafts are found, paged by state and deleted after a question; keys lead through the desk", async ({
  page,
  context,
  author,
  signIn,
  checkAccessibility,
}) => {
  const issue = newIssue("To be deleted");
  const { title, slug } = issue;
  await signIn(author, { next: "/admin" });
  await checkAccessibility();
  await importIssue(page, issue);
  await page.goto("/admin/issues?shelf=drafts");
  await page.getByLabel("Search titles and addresses").fill(slug);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: title }).click();
  await expect(page).toHaveURL(/\/admin\/issues\/[0-9a-f-]{36}$/);
  const second = await context.newPage();
  await second.goto(page.url());
  await page.getByText("Delete the draft", { exact: true }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await expect(page.getByText("The draft is deleted.")).toBeVisible();
  await second.getByRole("button", { name: /Schedule for/ }).click();
  await expect(second.getByText("That issue is gone: its draft was deleted")).toBeVisible();
  await expect(second).toHaveTitle("Issues");
  await second.close();
  await page.goto(`/admin/issues?q=${slug}`);
  await expect(page.getByText(`Nothing here matches “${slug}”.`)).toBeVisible();
  await page.goto(`/admin/issues?q=${newAddress()}&shelf=pages`);
  await checkAccessibility();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await checkAccessibility();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/admin\/subscribers$/);
  // Keys are heard once a page is alive.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await expect(page).toHaveURL(/\/admin\/import$/, { timeout: 1_000 });
  }).toPass();
  await page.goto("/admin/subscribers");
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByLabel("Search addresses and names")).toBeFocused({ timeout: 500 });
  }).toPass();
});

test("who presses a button when signed out comes back to the same page after signing in", async ({
  page,
  context,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/import" });
  await importIssue(page, newIssue("Signed out"));
  const { pathname } = new URL(page.url());
  await expect(page.getByRole("button", { name: /Schedule for/ })).toBeEnabled();
  await context.clearCookies();
  await page.getByRole("button", { name: /Schedule for/ }).click();
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(pathname)}`);
});

test("strangers and readers get no page of the desk and no answer from its handlers", async ({
  page,
  signIn,
  running,
}) => {
  const handlers = async () => {
    const id = crypto.randomUUID();
    const answers = await Promise.all([
      page.request.get(`/admin/issues/${id}/progress`),
      page.request.get("/admin/subscribers/export", { maxRedirects: 0 }),
      page.request.get(`/admin/issues/${id}/ledger`, { maxRedirects: 0 }),
      page.request.post("/admin/import/issues?name=a.md", { data: "# A", headers: { Origin: running.site } }),
      page.request.post("/admin/import/list", { data: "email", headers: { Origin: running.site } }),
    ]);
    return answers.map((answer) => answer.status());
  };
  const pages = [
    "/admin",
    "/admin/issues",
    "/admin/subscribers",
    "/admin/members",
    "/admin/members/codes",
    "/admin/import",
  ];
  for (const address of pages) {
    await page.goto(address);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  }
  expect(await handlers()).toEqual([401, 307, 307, 401, 401]);
  await signIn("reader@example.com");
  for (const address of pages) {
    await page.goto(address);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  }
  expect(await handlers()).toEqual([401, 307, 307, 401, 401]);
});
