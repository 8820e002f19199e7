import type { Page } from "@playwright/test";
import { expect, newAddress, test } from "./setup/fixtures";
import { importList } from "./setup/import-list";
import { importIssue, type NewIssue, newTitle, orderSending } from "./setup/issues";
import { subscribe } from "./setup/readers";

/** Confirmed at once and without a mail. */
async function importReaders(page: Page, addresses: string[]): Promise<void> {
  await importList(page, ["email", ...addresses].join("\n"), "At the fair");
  await expect(
    page.getByText(`${addresses.length} ${addresses.length === 1 ? "subscriber" : "subscribers"} added`),
  ).toBeVisible();
}

/** Leaves the page on the desk's page of an issue that is about to be sent, and answers its title. */
async function beginToSend(page: Page, words: string): Promise<string> {
  const issue: NewIssue = { ...newTitle(words), audience: "EVERYONE", text: "Words for everybody." };
  await importIssue(page, issue);
  await orderSending(page);
  return issue.title;
}

interface Progress {
  stage: string;
  counts: { SENDING: number; SENT: number };
}

/** What the desk itself asks for while somebody looks. */
async function progressOf(page: Page): Promise<Progress> {
  const { origin, pathname } = new URL(page.url());
  return (await page.request.get(`${origin}${pathname}/progress`)).json();
}

// Hundreds of messages go out in each; only to end what hangs.
test.setTimeout(600_000);

test("messages whose answer was lost are mailed again or left as the author says, and a newcomer is sent what they missed", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  const unknowable = newAddress("drop");
  await signIn(author, { next: "/admin" });
  await importReaders(page, [unknowable]);
  const title = await beginToSend(page, "An answer is lost");
  const question = page.getByText(
    "Of 1 message nobody can know whether the mail server took it: the answer to its last byte never came.",
  );
  await expect(question).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/^Sent to [\d,]+ of [\d,]+ readers/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("heading", { name: "Why nobody knows whether some have it" })).toBeVisible();
  await checkAccessibility();
  const copies = async () => (await mailbox.list({ to: unknowable, subject: title })).length;
  expect(await copies()).toBe(1);

  await page.getByRole("button", { name: "Mail the uncertain again" }).click();
  await expect(page.getByText("Your decision is taken.")).toBeVisible();
  await expect.poll(copies).toBe(2);
  await expect(question).toBeVisible();
  await page.getByRole("button", { name: "Leave the uncertain" }).click();
  await expect(page.getByText("Your decision is taken.")).toBeVisible();
  await expect(question).toHaveCount(0);
  await expect(
    page.getByText("left by the author: it is not known whether it arrived").first(),
  ).toBeVisible();

  const newcomer = newAddress("late");
  await subscribe(await newReader(), mailbox, newcomer);
  await page.reload();
  await expect(page.getByText("1 reader came after this issue was sent.")).toBeVisible();
  await page.getByText("Send it to this reader", { exact: true }).click();
  await page.getByRole("button", { name: "Send it to them now" }).click();
  await expect(page.getByText(/^It (goes|went) to those who were missed, too\.$/)).toBeVisible();
  await mailbox.waitForMail({ to: newcomer, subject: title });
  await expect(page.getByText(/came after this issue was sent/)).toHaveCount(0);
  expect(await copies()).toBe(2);
  expect(await mailbox.list({ to: "reader@example.com", subject: title })).toHaveLength(1);

  const desk = new URL(page.url()).pathname;
  const file = await (await page.request.get(`${desk}/ledger?q=reader@example.com`)).text();
  expect(file).toContain('"reader@example.com","sent","whole"');
  await page.goto(`${desk}?q=reader@example.com`);
  await page.getByRole("link", { name: "the whole issue" }).click();
  await expect(page.getByText("These are the very bytes that went to the mail server.")).toBeVisible();
  await expect(page.getByText("the whole issue")).toBeVisible();
  await page.getByRole("link", { name: "The reader" }).click();
  for (const name of ["Issues mailed to this person", "What happened with this person"]) {
    const row = page.getByRole("region", { name }).getByRole("row").filter({ hasText: title });
    await expect(row).toBeVisible();
    await expect(row).not.toContainText(/free part|paywall/);
  }
});

test("a sending is told as it goes, stands still while the author pauses it, and nobody is mailed twice", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  // The mail server takes two seconds for each of these, so there is a while in which to press.
  const slow = Array.from({ length: 150 }, () => newAddress("slow"));
  const later = newAddress("greylist");
  await signIn(author, { next: "/admin" });
  // Before the others, and so tried before them.
  await importReaders(page, [later, newAddress("bounce")]);
  await importReaders(page, slow);
  const title = await beginToSend(page, "A pause in between");
  const desk = new URL(page.url()).pathname;
  await expect(page.getByText(/^Sending to [\d,]+ readers/)).toBeVisible({ timeout: 120_000 });
  await page.getByText("Every reader, one row each").click();
  const search = page.getByLabel("Search addresses");
  await search.fill("somebody");
  const notYet = page.getByRole("listitem").filter({ hasText: "450 4.2.0" });
  await expect(page.getByRole("heading", { name: "Why some did not get it" })).toBeVisible();
  await expect(notYet).toContainText("tried again from");
  await expect(search).toHaveValue("somebody");
  await expect(search).toBeFocused();
  await expect(page.getByText(/^Sending to [\d,]+ readers/)).toBeVisible();

  await page.getByRole("button", { name: "Pause sending" }).click();
  await expect(page.getByText(/^Paused, of [\d,]+ readers/)).toBeVisible();
  await expect(page.getByText("Paused by the author.")).toBeVisible();
  await expect(notYet).toContainText("tried again once sending goes on");
  await checkAccessibility();

  await expect.poll(async () => (await progressOf(page)).counts.SENDING).toBe(0);
  const { counts } = await progressOf(page);
  // The worker is awake and mails what is no issue: what does not go out now was held back.
  const newcomer = newAddress("meanwhile");
  await subscribe(await newReader(), mailbox, newcomer);
  await mailbox.waitForMail({ to: newcomer, subject: "Welcome" });
  expect(await progressOf(page)).toMatchObject({ stage: "paused", counts });

  await page.goto("/admin/health");
  await expect(page.getByText(/^[\d,]+ mails? waits? because sending is paused\.$/)).toBeVisible();
  await expect(page.getByText("it does not by itself")).toBeVisible();
  await expect(page.getByText(/^Mail goes nowhere/)).toHaveCount(0);
  await checkAccessibility();
  await page.goto(desk);

  // A tab that does not look again learns nothing by itself.
  const second = await page.context().newPage();
  await second.goto(page.url());
  await page.getByText("Withdraw it", { exact: true }).click();
  await page.getByRole("button", { name: "Withdraw it now" }).click();
  await expect(page.locator(":focus")).toHaveText(/^Withdrawn\. .* mail that still waited is paused\.$/);
  const goOn = page.getByRole("button", { name: "Go on sending" });
  await expect(goOn).toHaveCount(0);
  await second.getByRole("button", { name: "Go on sending" }).click();
  await expect(second.getByText("Nothing is sent while the issue is withdrawn.")).toBeVisible();
  await second.close();
  await page.getByRole("button", { name: "Put it back into the archive" }).click();
  await expect(page.getByText(/nobody was mailed by that\. [\d,]+ readers still wait/)).toBeVisible();
  expect(await progressOf(page)).toMatchObject({ stage: "paused", counts });

  await goOn.press("Enter");
  await expect(page.getByText("Sending goes on.")).toBeVisible();
  await expect(page.locator(":focus")).toHaveText("Sending goes on.");
  await page.goto("/admin");
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const last = page.getByRole("region", { name: "Last sending" });
  await expect(last.getByText(/^Sending to [\d,]+ readers/)).toBeVisible();
  await expect(last.getByText(/^Sent to [\d,]+ of [\d,]+ readers/)).toBeVisible({ timeout: 300_000 });
  await page.goto(desk);
  expect((await progressOf(page)).stage).toBe("finished");
  for (const to of [...slow, later, "reader@example.com"]) {
    expect(await mailbox.list({ to, subject: title }), to).toHaveLength(1);
  }
});
