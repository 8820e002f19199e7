import type { Page } from "@playwright/test";
import { expect, newAddress, test } from "./setup/fixtures";
import { importList } from "./setup/import-list";
import { subscribe } from "./setup/readers";
import { signInAs } from "./setup/sign-in";

async function openPerson(page: Page, email: string): Promise<void> {
  await page.goto(`/admin/subscribers?q=${encodeURIComponent(email)}`);
  await page.getByRole("link", { name: email }).click();
  await expect(page.getByRole("heading", { level: 1, name: email })).toBeVisible();
  await expect(page).toHaveTitle(email);
}

test("a list of 6,300 comes in with its skipped lines named, is searched, paged and exported, and comes in once", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  const mark = crypto.randomUUID().slice(0, 8);
  const people = Array.from(
    { length: 6_300 },
    (_, index) => `many${index}.${mark}@example.net,Reader ${index},2025-01-02`,
  );
  const lines = [
    "email,name,created_at",
    ...people,
    "no address at all,Nobody,",
    `,Empty ${mark},`,
    people[0],
  ].join("\n");
  await signIn(author, { next: "/admin/import" });
  await importList(page, lines, "");
  await expect(page.getByRole("alert").filter({ hasText: "Say where these people agreed" })).toBeVisible();
  // Without consent they wait as pending, and no other journey's issue is mailed to them.
  await page.getByLabel("They agreed to get this mail").uncheck();
  await page.getByLabel("Where they agreed").fill("The service we left");
  await page.getByRole("button", { name: "Import the list" }).click();
  await expect(page.getByText("6,300 subscribers added, of 6,303 lines")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("1 repeated an earlier line")).toBeVisible();
  await expect(page.getByText("Line 6302:")).toBeVisible();
  await expect(page.getByText("Line 6303: No address.")).toBeVisible();
  await checkAccessibility();
  await page.getByRole("button", { name: "Import the list" }).click();
  await expect(page.getByText("0 subscribers added, of 6,303 lines")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("6,300 were here already and are as they were")).toBeVisible();

  await page.goto("/admin/subscribers");
  await checkAccessibility();
  await page.getByLabel("Search addresses and names").fill(`.${mark}@`);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Page 1 of 126, 6,300 in all")).toBeVisible();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText("Page 2 of 126")).toBeVisible();
  await page.getByRole("link", { name: "Last page" }).click();
  await expect(page.getByText("Page 126 of 126")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(51);
  await page.getByRole("link", { name: /^unsubscribed/ }).click();
  await expect(page.getByText(`matches “.${mark}@”`)).toBeVisible();
  await checkAccessibility();

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^subscribers-\d{4}-\d{2}-\d{2}\.csv$/);
  const stream = await file.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  expect(text.match(new RegExp(`${mark}@example.net`, "g"))).toHaveLength(6_300);
  expect(text).toContain('"member@example.com"');
});

test("a person's page tells of consent and mail; leaving is undone, the address closed and opened, the person erased", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  const email = newAddress("person");
  await subscribe(await newReader(), mailbox, email);
  await mailbox.waitForMail({ to: email, subject: "Welcome" });

  await signIn(author, { next: "/admin/subscribers" });
  await openPerson(page, email);
  await expect(page.getByText("confirmed", { exact: true })).toBeVisible();
  await expect(page.getByText("Consent", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /welcome sent/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /confirm sent/ })).toBeVisible();
  await checkAccessibility();

  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByText("Unsubscribed. No more mail")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Back on the list, as before.")).toBeVisible();
  await expect(page.getByText("confirmed", { exact: true })).toBeVisible();

  await page.getByText("Close the address", { exact: true }).click();
  await page.getByRole("button", { name: "Close it" }).click();
  await expect(page.getByText("The address is closed:")).toBeVisible();
  await expect(page.getByText("closed by the author")).toBeVisible();
  await page.getByText("Open the address again", { exact: true }).click();
  await page.getByRole("button", { name: "Open it" }).click();
  await expect(
    page.getByText("The address is open again, and what came back before counts no more."),
  ).toBeVisible();
  await expect(page.getByText("unsubscribed", { exact: true })).toBeVisible();

  await page.getByText("Erase the person", { exact: true }).click();
  await page.getByLabel(/Type .erase me./).fill("erase him");
  await page.getByRole("button", { name: "Erase for good" }).click();
  await expect(page.getByLabel(/Type .erase me./)).toHaveValue("erase him");
  await checkAccessibility();
  await page.getByLabel(/Type .erase me./).fill("erase me");
  await page.getByRole("button", { name: "Erase for good" }).click();
  await expect(page.getByText("The person is erased.")).toBeVisible();
  await page.goto(`/admin/subscribers?q=${email}`);
  await expect(page.getByText(`Nobody matches “${email}”.`)).toBeVisible();
});

test("a comp opens the archive to a reader until its last day, and ends when the author ends it", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
}) => {
  const email = newAddress("guest");
  await signIn(author, { next: "/admin/import" });
  await importList(page, `email\n${email}\n`, "They asked for it");
  await expect(page.getByText("1 subscriber added")).toBeVisible();

  const reader = await newReader();
  await signInAs(reader, mailbox, email);
  const opens = async () => {
    const answer = await reader.get("/p/what-eight-bits-buy");
    expect(answer.status()).toBe(200);
    return !(await answer.text()).includes("Start 7 days free");
  };
  expect(await opens()).toBe(false);

  await openPerson(page, email);
  await page.getByLabel("Last day").fill("2020-02-02");
  await page.getByRole("button", { name: "Open everything for free" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "That day has passed." })).toBeVisible();
  await expect(page.getByLabel("Last day")).toHaveValue("2020-02-02");
  await page.getByLabel("Last day").fill(`${new Date().getFullYear() + 1}-02-03`);
  await page.getByRole("button", { name: "Open everything for free" }).click();
  await expect(page.getByRole("heading", { name: "Reads everything" })).toBeVisible();
  await expect(page.getByText(/^3 February/)).toBeVisible();
  expect(await opens()).toBe(true);
  await page.getByRole("button", { name: "End it now" }).click();
  await expect(page.getByRole("heading", { name: "Reads what is free" })).toBeVisible();
  expect(await opens()).toBe(false);
});

test("the author cannot be erased, and somebody who is gone has no page", async ({
  page,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/subscribers" });
  await openPerson(page, author);
  await page.getByText("Erase the person", { exact: true }).click();
  await page.getByLabel(/Type .erase me./).fill("erase me");
  await page.getByRole("button", { name: "Erase for good" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "cannot be erased" })).toBeVisible();
  await page.goto(`/admin/subscribers/${crypto.randomUUID()}`);
  await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
});
test.use({ expectedErrors: [/404/] });
