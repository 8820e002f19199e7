import { writeFile } from "node:fs/promises";
import { strToU8, zipSync } from "fflate";
import { expect, newAddress, test } from "./setup/fixtures";

const FILE = "Substack’s zip, or a Markdown file";

/** An export as Substack makes it, with words of our own. */
function exportZip(mark: string, people: string): Buffer {
  const head =
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n";
  const posts =
    `${head}7${mark}1.first-steps-${mark},2025-03-07T09:00:00.000Z,true,2025-03-07T09:00:00.000Z,,newsletter,everyone,First steps ${mark},How it began,\n` +
    `7${mark}2.second-steps-${mark},2025-03-14T09:00:00.000Z,true,2025-03-14T09:00:00.000Z,,newsletter,only_paid,Second steps ${mark},,\n` +
    `7${mark}3.half-done-${mark},,false,,,newsletter,everyone,Half done ${mark},,\n`;
  return Buffer.from(
    zipSync({
      "posts.csv": strToU8(posts),
      [`posts/7${mark}1.first-steps-${mark}.html`]: strToU8("<p>We <strong>began</strong> on a Monday.</p>"),
      [`posts/7${mark}2.second-steps-${mark}.html`]: strToU8("<h2>On Tuesday</h2><p>We went on.</p>"),
      [`posts/7${mark}3.half-done-${mark}.html`]: strToU8("<p>Not yet.</p>"),
      "email_list.a-weekly.csv": strToU8(people),
    }),
  );
}

test("a Substack export comes in with its readers, says what it skipped, a second time changes nothing, and who paid there is decided on", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  const mark = String(Math.floor(Math.random() * 1e6)).padStart(6, "0");
  const [reader, payer] = [newAddress("moved"), newAddress("paid-there")];
  const people = `email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n${reader},false,,other,false,2025-01-01T00:00:00.000Z,\n${payer},true,2030-01-01T00:00:00.000Z,monthly,false,2025-01-01T00:00:00.000Z,2025-01-01T00:00:00.000Z\nnot-an-address,false,,other,false,2025-01-01T00:00:00.000Z,\n`;
  const file = { name: "export.zip", mimeType: "application/zip", buffer: exportZip(mark, people) };
  await signIn(author, { next: "/admin/import" });
  await checkAccessibility();
  await page.getByLabel(FILE).setInputFiles(file);
  await page.getByLabel("Bring the zip’s subscribers too").check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("3 issues came in")).toBeVisible();
  await expect(page.getByText("2 subscribers added")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "email_list" })).toContainText(
    /row|line|address/i,
  );
  await checkAccessibility();

  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("0 issues came in, 3 were here already")).toBeVisible();
  await expect(page.getByText("0 subscribers added, 2 unchanged")).toBeVisible();

  await page.getByText("Were here already and are as they were").click();
  await page.getByRole("link", { name: `Second steps ${mark}` }).click();
  await expect(page.getByText("published", { exact: true })).toBeVisible();
  await page.goto(`/p/first-steps-${mark}`);
  await expect(page.getByText("on a Monday")).toBeVisible();
  await page.goto(`/admin/subscribers?q=${reader}`);
  await expect(page.getByRole("row", { name: new RegExp(reader) })).toContainText("confirmed");

  await page.goto(`/admin/import/members?q=${payer}`);
  const row = page.getByRole("row", { name: new RegExp(payer) });
  await expect(row).toContainText("monthly, until 1 January 2030");
  await expect(row).toContainText("not looked up");
  await page.getByRole("button", { name: "Look at Stripe" }).click();
  await expect(row).toContainText("needs a decision");
  await checkAccessibility();
  await row.getByRole("button", { name: "Free until then" }).click();
  await expect(page.getByText("They read everything until the day that was paid for.")).toBeVisible();
  await expect(row).toContainText("guest");
});

test("files that cannot be read are refused in plain words, and nothing comes in", async ({
  page,
  author,
  signIn,
}, testInfo) => {
  await signIn(author, { next: "/admin/import" });
  const cut = exportZip("999999", "email\n").subarray(0, 300);
  const other = Buffer.from(zipSync({ "holiday.txt": strToU8("Sun, sea.") }));
  for (const { name, buffer, words } of [
    { name: "picture.zip", buffer: Buffer.from("not a zip at all"), words: /not a zip file/ },
    { name: "cut.zip", buffer: cut, words: /not a zip file|damaged/ },
    { name: "other.zip", buffer: other, words: /export/ },
    { name: "latin.md", buffer: Buffer.from([0x23, 0x20, 0xe4, 0xf6]), words: /UTF-8/ },
    { name: "empty.md", buffer: Buffer.alloc(0), words: /empty/ },
  ]) {
    await page.getByLabel(FILE).setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: words }), name).toBeVisible();
  }
  const huge = testInfo.outputPath("huge.zip");
  await writeFile(huge, Buffer.alloc(50 * 1024 * 1024 + 1));
  await page.getByLabel(FILE).setInputFiles(huge);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /larger than 50 MB/ })).toBeVisible();
});

test("a signed-out author is told so, and the chosen file stays chosen", async ({
  page,
  context,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/import" });
  await page.getByLabel(FILE).setInputFiles({
    name: "kept.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Kept\n\nWords."),
  });
  await context.clearCookies();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  expect(await page.getByLabel(FILE).evaluate((input: HTMLInputElement) => input.files?.[0]?.name)).toBe(
    "kept.md",
  );
});
test.use({ expectedErrors: [/401/] });
