import { expect, test } from "./setup/fixtures";

test("the author renames the publication, and the home page shows it at once", async ({
  page,
  browser,
  running,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/settings" });
  const name = page.getByLabel("Name", { exact: true });
  await expect(name).toBeEnabled();
  const [oldName, oldTagline] = [await name.inputValue(), await page.getByLabel("Tagline").inputValue()];
  await checkAccessibility();
  const save = async (newName: string, newTagline: string) => {
    await name.fill(newName);
    await page.getByLabel("Tagline").fill(newTagline);
    await expect(page.getByText("Not saved yet.")).toBeVisible();
    await page.getByRole("button", { name: "Save the settings" }).click();
    await expect(page.getByText("Saved. The site shows it now.")).toBeVisible();
  };
  const stranger = await browser.newPage({ baseURL: running.site });
  try {
    await save("The Second Holdout", "Renamed on a Tuesday");
    await stranger.goto("/");
    await expect(stranger).toHaveTitle(/The Second Holdout/);
    await expect(stranger.getByRole("banner").getByText("Renamed on a Tuesday")).toBeVisible();
  } finally {
    await save(oldName, oldTagline);
    await stranger.close();
  }
});

test("a second tab is told what the first one saved, keeps what was typed, and may write over it", async ({
  page,
  context,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/settings" });
  const second = await context.newPage();
  const fill = async (tab: typeof page, words: string, button = "Save the settings") => {
    await tab.getByLabel("About the author").fill(words);
    await tab.getByRole("button", { name: button }).click();
  };
  const saved = (tab: typeof page) => tab.getByText("Saved. The site shows it now.");
  await second.goto("/admin/settings");
  const old = await second.getByLabel("About the author").inputValue();
  await fill(page, "Of the first tab");
  await expect(saved(page)).toBeVisible();

  await fill(second, "Of the second tab");
  const warning = second.getByRole("alert").filter({ hasText: "Changed in another tab or device" });
  await expect(warning.getByRole("listitem")).toHaveText(["Author bio. Saved there: “Of the first tab”."]);
  await expect(second.getByLabel("About the author")).toHaveValue("Of the second tab");
  await checkAccessibility(second);
  await second.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(saved(second)).toBeVisible();
  await fill(second, old);
  await expect(saved(second)).toBeVisible();
});

test("wrong settings are named, lead to their fields, and keep what was typed", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  await signIn(author, { next: "/admin/settings" });
  await page.getByLabel("Replies go to").fill("nobody");
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByLabel("Price a month").fill("three");
  await page.getByLabel("Currency").selectOption("eur");
  await page.getByLabel("Postal address").fill("");
  await page.getByRole("button", { name: "Save the settings" }).click();

  const problems = page.getByRole("alert").filter({ hasText: "Nothing is saved yet" });
  await expect(problems.getByRole("listitem")).toHaveCount(4);
  await expect(page.getByLabel("Replies go to")).toBeFocused();
  await expect(page.getByText("Not saved: 4 fields need another look.")).toBeInViewport();
  await expect(page.getByLabel("Replies go to")).toHaveValue("nobody");
  await expect(page.getByLabel("Time zone")).toHaveValue("Mars/Olympus");
  await expect(page.getByLabel("Price a month")).toHaveValue("three");
  await expect(page.getByLabel("Currency")).toHaveValue("eur");
  await expect(page.getByLabel("Price a month")).toHaveAccessibleDescription(
    /Write a price such as 3 or 3.50/,
  );
  await checkAccessibility();
  await problems.getByRole("link", { name: "Choose a time zone such as Europe/London." }).click();
  await expect(page.getByLabel("Time zone")).toBeFocused();
});

test("a change is explained before it is saved: the slot, the price, the trial, the colour", async ({
  page,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/settings" });
  await page.getByLabel("Day", { exact: true }).selectOption("Tuesday");
  await page.getByLabel("Time", { exact: true }).fill("07:30");
  await page.getByLabel("Time zone").fill("America/New_York");
  const slots = page.getByRole("region", { name: "Weekly slot" });
  await expect(slots.getByRole("listitem")).toHaveCount(3);
  await expect(slots.getByRole("listitem").first()).toHaveText(/^Tuesday.* 07:30 /);

  await page.getByLabel("Price a month").fill("5");
  await page.getByLabel("Days of trial").fill("14");
  const membership = page.getByRole("region", { name: "Membership" });
  await expect(
    membership.getByText("New members pay $5 a month or $30 a year instead of $3 a month or $30 a year."),
  ).toBeVisible();
  await expect(membership.getByText(/you have keeps? the price they joined at/)).toBeVisible();
  await expect(membership.getByText(/Running trials end when they were to end/)).toBeVisible();

  await page.getByLabel("Accent colour", { exact: true }).fill("#ffff00");
  await expect(
    page.getByText(/On light paper: shown as #[0-9a-f]{6}, or nobody could read it\./),
  ).toBeVisible();
  await expect(page.getByText("On dark paper: as chosen, it reads well.")).toBeVisible();
});
