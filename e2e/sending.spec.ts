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
  const question = page.getByText("Of 1 message nobody can know whether the mail server took it");
  await expect(question).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/^Sent to [\d,]+ readers/)).toBeVisible({ timeout: 120_000 });
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
});

test("a sending that the author pauses stands still until it is let go on, and nobody is mailed twice", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  // The mail server takes two seconds for each of these, so there is a while in which to press.
  const slow = Array.from({ length: 100 }, () => newAddress("slow"));
  await signIn(author, { next: "/admin" });
  await importReaders(page, slow);
  const title = await beginToSend(page, "A pause in between");
  await page.getByRole("button", { name: "Pause sending" }).click();
  await expect(page.getByText(/^Paused, of [\d,]+ readers/)).toBeVisible();
  await expect(page.getByText("Paused by the author.")).toBeVisible();
  await checkAccessibility();

  await expect.poll(async () => (await progressOf(page)).counts.SENDING).toBe(0);
  const { counts } = await progressOf(page);
  // The worker is awake and mails what is no issue: what does not go out now was held back.
  const newcomer = newAddress("meanwhile");
  await subscribe(await newReader(), mailbox, newcomer);
  await mailbox.waitForMail({ to: newcomer, subject: "Welcome" });
  expect(await progressOf(page)).toMatchObject({ stage: "paused", counts });

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
  await expect(page.getByText(/^Sent to [\d,]+ readers/)).toBeVisible({ timeout: 300_000 });
  expect((await progressOf(page)).stage).toBe("finished");
  for (const to of [...slow, "reader@example.com"]) {
    expect(await mailbox.list({ to, subject: title }), to).toHaveLength(1);
  }
});
