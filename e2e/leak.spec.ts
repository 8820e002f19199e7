import type { APIRequestContext, Page } from "@playwright/test";
import { askEverything, questions } from "./leak/ask-everything";
import { canariesIn, draftWithCanaries, issuesWithCanaries } from "./leak/canaries";
import { expect, newAddress, test } from "./setup/fixtures";
import { importIssue, type NewIssue, sendNow } from "./setup/issues";
import type { Mail } from "./setup/mailbox";
import { renewFeed, startTrial, subscribe } from "./setup/readers";

interface Person {
  email: string;
  request: APIRequestContext;
}

test("not one word from behind a wall reaches anybody but members, in whatever form it is asked for", async ({
  page,
  running: { site },
  newReader,
  mailbox,
  stripe,
  author,
  signIn,
}) => {
  test.setTimeout(900_000);
  const person = async (name: string): Promise<Person> => ({
    email: newAddress(name),
    request: await newReader(),
  });
  const stranger = await person("stranger");
  const subscriber = await person("subscriber");
  const lapsed = await person("lapsed");
  const member = await person("member");
  for (const { request, email } of [subscriber, lapsed, member]) await subscribe(request, mailbox, email);
  for (const { request } of [lapsed, member]) await startTrial(request, stripe);
  await stripe.cancelAtOnce(lapsed.email);
  await mailbox.waitForMail({ to: lapsed.email, subject: "has ended" });
  const feeds = {
    subscriber: await renewFeed(subscriber.request),
    lapsed: await renewFeed(lapsed.request),
    revoked: await renewFeed(member.request),
    member: await renewFeed(member.request),
  };

  await signIn(author, { next: "/admin" });
  const mark = crypto.randomUUID().slice(0, 8);
  const marked = (issue: NewIssue) => ({
    ...issue,
    title: `${issue.title} ${mark}`,
    slug: `${issue.slug}-${mark}`,
  });
  const issues = issuesWithCanaries(await pictureOf(page)).map(marked);
  const draft = marked(draftWithCanaries);
  const desks: string[] = [];
  await importIssue(page, draft);
  desks.push(page.url());
  for (const issue of issues) {
    await importIssue(page, issue);
    desks.push(page.url());
    await sendNow(page, issue.slug);
  }

  // The members' answers come first, so that nothing kept from them can be handed to the next who asks.
  const hidden = issues.flatMap((issue) => canariesIn(issue.text));
  expect(hidden.length).toBeGreaterThan(20);
  for (const { slug, text } of issues) {
    for (const headers of [{}, { RSC: "1" }]) {
      const answer = await member.request.get(`/p/${slug}`, { headers });
      expect(canariesIn(await answer.text()), slug).toEqual(canariesIn(text));
    }
  }
  expect(canariesIn(await textOf(feeds.member))).toEqual([...hidden].sort());

  const list = questions({
    slugs: [...issues, draft].map(({ slug }) => slug),
    words: [...hidden, ...canariesIn(draft.title, draft.text)],
    more: [
      ...desks.flatMap((desk) =>
        [
          "",
          "/edit",
          "/preview/web",
          "/preview/mail",
          "/preview/text",
          "/received/1/html",
          "/received/1/source",
        ].map((end) => `${new URL(desk).pathname}${end}`),
      ),
      ...[feeds.subscriber, feeds.lapsed, feeds.revoked].map((feed) => new URL(feed).pathname),
    ],
  });
  let answers = 0;
  for (const [name, { request }] of Object.entries({ stranger, subscriber, lapsed })) {
    const asked = await askEverything(request, site, list);
    expect(asked.leaks, name).toEqual([]);
    answers += asked.answers;
  }
  expect(answers).toBeGreaterThan(1_500);

  // A feed belongs to the person whose address it is, whoever else is signed in where it is opened.
  const elsewhere = await member.request.get(feeds.subscriber);
  expect(elsewhere.status()).toBe(200);
  expect(canariesIn(await elsewhere.text())).toEqual([]);
  expect((await fetch(feeds.revoked)).status).toBe(404);

  for (const { title, text } of issues) {
    const wait = (to: string) => mailbox.waitForMail({ to, subject: title, timeout: 120_000 });
    const whole = await wait(member.email);
    expect(canariesIn(whole.html), `${title}: mail of a member`).toEqual(canariesIn(text));
    expect(canariesIn(whole.text), `${title}: its text`).toEqual(canariesIn(text));
    for (const { email } of [subscriber, lapsed]) {
      const cut = await wait(email);
      expect(await canariesOf(cut), `${title}: mail of a reader who pays nothing`).toEqual([]);
      expect(cut.text).toContain("$3 a month");
    }
  }

  const newcomer = newAddress("newcomer");
  await subscribe(stranger.request, mailbox, newcomer);
  const welcome = await mailbox.waitForMail({ to: newcomer, subject: "Welcome" });
  expect(await canariesOf(welcome)).toEqual([]);
});

/** The address of a picture that the sample publication has. */
async function pictureOf(page: Page): Promise<string> {
  const text = await (await page.request.get("/p/what-eight-bits-buy")).text();
  const found = /\/media\/[0-9a-f]{40}\.png/.exec(text)?.[0];
  if (!found) throw new Error("The sample issue shows no picture.");
  return found;
}

async function textOf(address: string): Promise<string> {
  return (await fetch(address)).text();
}

async function canariesOf(mail: Mail): Promise<string[]> {
  return canariesIn(await mail.source(), mail.html, mail.text, mail.subject);
}
