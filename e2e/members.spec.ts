import { expect, newAddress, test } from "./setup/fixtures";
import { subscribe } from "./setup/readers";

test("the desk tells what members bring, compares with Stripe when asked, and tells why somebody reads for free", async ({
  page,
  newReader,
  mailbox,
  author,
  signIn,
  checkAccessibility,
}) => {
  const email = newAddress("guest");
  await subscribe(await newReader(), mailbox, email);
  await signIn(author, { next: "/admin/members" });
  await page.getByRole("region", { name: "Monthly revenue" }).getByText("How it is counted").click();
  await expect(page.getByText("A yearly price counts a twelfth;")).toBeVisible();
  await page.getByRole("button", { name: "Reconcile now" }).click();
  await expect(page.getByText(/customers? looked up/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Reconcile now" })).toBeVisible();
  await checkAccessibility();

  await page.goto(`/admin/subscribers?q=${encodeURIComponent(email)}`);
  await page.getByRole("link", { name: email }).click();
  await page.getByLabel("Why").fill("Reads the proofs");
  await page.getByRole("button", { name: "Open everything for free" }).click();
  await expect(
    page.getByRole("row", { name: /The author decided.*Became guest.*Reads the proofs/ }),
  ).toBeVisible();
  await checkAccessibility();
  await page.goto("/admin/members?state=guest");
  await expect(page.getByRole("row", { name: new RegExp(`${email} guest`) })).toBeVisible();
});
