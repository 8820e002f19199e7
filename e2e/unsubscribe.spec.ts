import { expect, newAddress, test } from "./setup/fixtures";
import { importIssue, sendNow } from "./setup/issues";
import { subscribe } from "./setup/readers";

test("a subscriber leaves by the link of a mail and its button, without JavaScript, too, and comes back by undo", async ({
  page,
  browser,
  running: { site },
  newReader,
  mailbox,
  checkAccessibility,
}) => {
  const email = newAddress();
  await subscribe(await newReader(), mailbox, email);
  const link = (await mailbox.waitForMail({ to: email, subject: "Welcome" })).link("/unsubscribe");
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: site });
  for (const window of [page, await plain.newPage()]) {
    for (const method of ["GET", "HEAD", "GET"]) await fetch(link, { method });
    await window.goto(link);
    await expect(window.getByRole("heading", { name: "Leave the list?" })).toBeVisible();
    await expect(window.getByText(email)).toBeVisible();
    if (window === page) await checkAccessibility();
    await window.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(window.getByRole("heading", { name: "You are unsubscribed" })).toBeVisible();
    if (window === page) await checkAccessibility();
    await window.getByRole("button", { name: /^Undo/ }).click();
    await expect(window.getByRole("heading", { name: "You are still on the list" })).toBeVisible();
  }
  await checkAccessibility();
  await plain.close();
});

test("a link that nobody was mailed does nothing and shows the way on", async ({
  page,
  running: { site },
  checkAccessibility,
}) => {
  await page.goto("/unsubscribe?token=forged");
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await checkAccessibility();
  const forged = await fetch(`${site}/api/unsubscribe?token=forged`, oneClick());
  expect(forged.status).toBe(404);
});

test("who left by the mail program's own button gets no issue any more; who took it back does", async ({
  page,
  running: { site },
  newReader,
  mailbox,
  author,
  signIn,
}) => {
  test.setTimeout(600_000);
  const [back, gone] = [newAddress("back"), newAddress("gone")];
  for (const email of [back, gone]) await subscribe(await newReader(), mailbox, email);
  await signIn(author, { next: "/admin" });
  const send = async (name: string) => {
    const mark = crypto.randomUUID().slice(0, 8);
    const issue = { title: `${name} ${mark}`, slug: `${name.toLowerCase().replaceAll(" ", "-")}-${mark}` };
    await importIssue(page, { ...issue, audience: "EVERYONE", text: "Words for those who stayed." });
    const desk = page.url();
    await sendNow(page, issue.slug);
    return { ...issue, desk };
  };

  const first = await send("Before somebody left");
  const mailOf = (to: string) => mailbox.waitForMail({ to, subject: first.title, timeout: 120_000 });
  const mail = await mailOf(gone);
  expect(mail.header("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
  const address = /<(https?:[^>]+)>/.exec(mail.header("List-Unsubscribe") ?? "")?.[1] ?? "";
  expect(address).toContain(`${site}/api/unsubscribe?token=`);

  expect((await fetch(address, { redirect: "manual" })).status).toBe(303);
  expect((await fetch(address, oneClick("Something=Else"))).status).toBe(400);
  await page.goto(mail.link("/unsubscribe"));
  await expect(page.getByRole("heading", { name: "Leave the list?" })).toBeVisible();
  for (const _again of [1, 2]) expect((await fetch(address, oneClick())).status).toBe(200);
  await page.goto(mail.link("/unsubscribe"));
  await expect(page.getByRole("heading", { name: "You are unsubscribed" })).toBeVisible();

  await page.goto((await mailOf(back)).link("/unsubscribe"));
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByRole("heading", { name: "You are still on the list" })).toBeVisible();

  const second = await send("After somebody left");
  await mailbox.waitForMail({ to: back, subject: second.title, timeout: 120_000 });
  await page.goto(`${second.desk}?q=${encodeURIComponent(gone)}`);
  await expect(page.getByText("Nobody matches.")).toBeVisible();
  await page.goto(`${second.desk}?q=${encodeURIComponent(back)}`);
  await expect(page.getByRole("cell", { name: back })).toBeVisible();
  expect(await mailbox.list({ to: gone, subject: second.title })).toEqual([]);
});

/** As a mail provider sends it, RFC 8058: a POST without cookies. */
function oneClick(body = "List-Unsubscribe=One-Click"): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body,
    redirect: "manual",
  };
}
