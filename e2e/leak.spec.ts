import { expect, test } from "./setup/fixtures";

const CANARY = "CANARY-93be-behind-the-wall";

test("no public answer holds a word from behind the paywall", async ({ page, author, signIn }) => {
  test.setTimeout(120_000);
  await signIn(author, { next: "/admin/issues" });
  await page.getByRole("button", { name: "New issue" }).click();
  await page.getByLabel("Title").first().fill("The canary issue");
  await page.getByLabel("Address (/p/…)").fill("the-canary-issue");
  await page.getByRole("textbox", { name: "Text", exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+A");
  for (const line of ["Song for all.", "/paywall", CANARY]) {
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }
  await page.getByLabel("Open to").selectOption("MEMBERS");
  await page.getByRole("button", { name: "Save now" }).click();
  await expect(page.getByText(/^Saved \d/)).toBeVisible();
  await page.getByRole("link", { name: "Schedule and send" }).click();
  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /Schedule for/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
  const site = new URL(page.url()).origin;
  await expect
    .poll(async () => (await fetch(`${site}/p/the-canary-issue`)).status, { timeout: 60_000 })
    .toBe(200);

  const asked: [string, Record<string, string>][] = [
    ["/", {}],
    ["/p/the-canary-issue", {}],
    ["/p/the-canary-issue?nxtPslug=the-canary-issue", {}],
    ["/p/the-canary-issue", { RSC: "1" }],
    ["/p/the-canary-issue", { RSC: "1", "Next-Router-Prefetch": "1" }],
    ["/p/the-canary-issue", { RSC: "1", "Next-Router-Segment-Prefetch": "/_tree" }],
    ["/p/the-canary-issue", { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" }],
    ["/p/the-canary-issue", { "User-Agent": "Googlebot" }],
    ["/stranger/p/the-canary-issue", {}],
    ["/archive", {}],
    ["/archive?q=behind", {}],
    ["/feed.xml", {}],
    ["/sitemap.xml", {}],
  ];
  for (const [path, headers] of asked) {
    const text = await (await fetch(`${site}${path}`, { headers })).text();
    expect(text.includes(CANARY), `${path} ${JSON.stringify(headers)}`).toBe(false);
  }
  await page.goto("/p/the-canary-issue");
  await expect(page.getByText(CANARY)).toBeVisible();
});
