import { beforeAll, describe, expect, test, vi } from "vitest";
import { STRANGER, type Viewer } from "@/lib/memberships/access";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { renderText } from "./document/render-text";
import { listPublished } from "./queries";
import { readPublicFeed } from "./read-feed";
import { readIssue } from "./read-issue";

const database = useTestDatabase();
const now = new Date("2026-11-24T09:00:00Z");

beforeAll(async () => {
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("PUBLIC_URL", "https://gazette.example.com");
  vi.stubEnv("AUTH_SECRET", "0123456789abcdef0123456789abcdef");
  vi.stubEnv("SMTP_URL", "smtp://127.0.0.1:25");
  vi.stubEnv("MAIL_FROM", "weekly@example.com");
  vi.stubEnv("STRIPE_SECRET_KEY", "sk_test_gate");
  vi.stubEnv("STRIPE_WEBHOOK_SECRET", "whsec_gate");
  await createPublication(database.db);
  await createPublishedIssue(database.db, { slug: "walled" });
  await createPublishedIssue(database.db, { slug: "mislabelled", audience: "EVERYONE" });
  await createIssue(database.db, { slug: "unpublished" });
});

const member = {
  status: "ACTIVE",
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  cancelAtPeriodEnd: false,
  pausedFrom: null,
  pastDueSince: null,
  endsAt: null,
} as const;

function reader(membership: Extract<Viewer, { kind: "reader" }>["membership"]): Viewer {
  return {
    kind: "reader",
    subscriberId: "one",
    email: "one@example.com",
    isConfirmed: true,
    isAuthor: false,
    membership,
    trialUsed: false,
  };
}

describe("an issue with a paywall", () => {
  test.each([
    ["a stranger", STRANGER, false],
    ["a subscriber", reader(null), false],
    ["a member", reader(member), true],
    ["somebody on trial", reader({ ...member, status: "TRIALING" }), true],
    [
      "a former member",
      reader({ ...member, status: "CANCELED", endsAt: new Date("2026-11-01T00:00:00Z") }),
      false,
    ],
    [
      "a member within grace",
      reader({ ...member, status: "PAST_DUE", pastDueSince: new Date("2026-11-20T00:00:00Z") }),
      true,
    ],
    [
      "a member past grace",
      reader({ ...member, status: "PAST_DUE", pastDueSince: new Date("2026-11-01T00:00:00Z") }),
      false,
    ],
    ["a comp that ended", reader({ ...member, endsAt: new Date("2026-11-23T00:00:00Z") }), false],
  ])("opens to %s: %#", async (_who, viewer, opens) => {
    for (const slug of ["walled", "mislabelled"]) {
      const issue = await readIssue(database.db, { slug, viewer, now });
      expect(issue?.wall).toBe(!opens);
      expect(JSON.stringify(issue?.document).includes("Behind the wall")).toBe(opens);
      if (issue) expect(renderText(issue.document, issue.context)).toContain("Before the wall");
    }
  });
});

test("a draft does not exist for readers", async () => {
  expect(await readIssue(database.db, { slug: "unpublished", viewer: reader(member), now })).toBeNull();
});

test("the public list and its search hold nothing from behind the wall", async () => {
  const all = await listPublished(database.db, { now });
  expect(all.issues).toHaveLength(2);
  expect(JSON.stringify(all)).not.toContain("Behind");
  expect((await listPublished(database.db, { now, search: "Behind the wall" })).total).toBe(0);
  expect((await listPublished(database.db, { now, search: "before THE" })).total).toBe(2);
});

test("a card of an earlier issue leads to the issue of its title, though another has the number", async () => {
  const body = (attrs: object) => ({ type: "doc", content: [{ type: "previousIssue", attrs }] });
  const taken = await createPublishedIssue(database.db, { slug: "has-the-number", title: "Of this place" });
  await createPublishedIssue(database.db, { slug: "moved-here", title: "From elsewhere", number: null });
  const attrs = { number: taken.number, title: "From elsewhere", excerpt: null };
  await createPublishedIssue(database.db, { slug: "with-a-card", audience: "EVERYONE", body: body(attrs) });
  const renamed = { ...attrs, title: "My own words" };
  await createPublishedIssue(database.db, { slug: "own-title", audience: "EVERYONE", body: body(renamed) });
  const leadsTo = async (slug: string) =>
    (await readIssue(database.db, { slug, viewer: STRANGER, now }))?.context.issue.cards.get(
      taken.number ?? 0,
    )?.slug;
  expect(await leadsTo("with-a-card")).toBe("moved-here");
  expect(await leadsTo("own-title")).toBe("has-the-number");
});

test("the words of an issue that the archive locked by its age stand in no list, search, feed or card", async () => {
  const secret = "Zirconium";
  const words = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: secret }] }] };
  const card = { type: "previousIssue", attrs: { number: null, title: "Locked", excerpt: null } };
  const open = { audience: "EVERYONE", body: words, teaserText: secret } as const;
  const { number } = await createPublishedIssue(database.db, {
    ...open,
    title: "Locked",
    slug: "locked",
    publishedAt: new Date("2026-09-01T09:00:00Z"),
  });
  const body = { type: "doc", content: [{ ...card, attrs: { ...card.attrs, number } }] };
  await createPublishedIssue(database.db, { slug: "names-it", audience: "EVERYONE", body, teaserText: "" });
  const shown = async () => [
    JSON.stringify(await listPublished(database.db, { now })),
    JSON.stringify((await listPublished(database.db, { now, search: secret })).issues),
    JSON.stringify((await readPublicFeed(database.db, { now })).issues),
    JSON.stringify([
      ...((await readIssue(database.db, { slug: "names-it", viewer: STRANGER, now }))?.context.issue.cards ??
        []),
    ]),
  ];
  for (const each of await shown()) expect(each).toContain(secret);
  await database.db.publication.updateMany({ data: { lockAfterDays: 30 } });
  for (const each of await shown()) expect(each).not.toContain(secret);
  expect((await listPublished(database.db, { now, search: secret })).total).toBe(0);
  expect((await listPublished(database.db, { now, search: "before the" })).total).toBeGreaterThan(0);
  await database.db.publication.updateMany({ data: { lockAfterDays: null } });
});
