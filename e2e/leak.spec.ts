import { expect, test } from "./setup/fixtures";

/** A sentence of the sample publication that stands behind the paywall of this issue. */
const ISSUE = "what-eight-bits-buy";

test("no public answer holds a word from behind the paywall", async ({ request, page, signIn }) => {
  await signIn("member@example.com", { next: `/p/${ISSUE}` });
  const whole = await page.locator("article p").allInnerTexts();
  const stranger = await request.get(`/p/${ISSUE}`, { headers: { cookie: "" } });
  const free = (await stranger.text()).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  const canaries = whole
    .map((words) => words.replace(/\s+/g, " ").trim().slice(0, 60))
    .filter((words) => /^[A-Za-z ,]{25,}/.test(words) && !free.includes(words.slice(0, 25)))
    .map((words) => words.slice(0, 25));
  expect(canaries.length).toBeGreaterThan(2);
  const answers = await Promise.all(
    [
      ["/", {}],
      [`/p/${ISSUE}`, {}],
      [`/p/${ISSUE}?nxtPslug=${ISSUE}`, {}],
      [`/p/${ISSUE}`, { RSC: "1" }],
      [`/p/${ISSUE}`, { RSC: "1", "Next-Router-Prefetch": "1" }],
      [`/p/${ISSUE}`, { RSC: "1", "Next-Router-Segment-Prefetch": "/_tree" }],
      [`/p/${ISSUE}`, { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" }],
      ["/archive", {}],
      [`/archive?q=${encodeURIComponent(canaries[0] ?? "")}`, {}],
      ["/feed.xml", {}],
      ["/sitemap.xml", {}],
    ].map(async ([path, headers]) => {
      const response = await fetch(new URL(String(path), page.url()), {
        headers: headers as Record<string, string>,
      });
      return { path: String(path), text: await response.text() };
    }),
  );
  for (const { path, text } of answers) {
    for (const canary of canaries) {
      const leaked = text.includes(canary) && !path.includes(encodeURIComponent(canary));
      expect(leaked, `${path} holds “${canary}”`).toBe(false);
    }
  }
});
