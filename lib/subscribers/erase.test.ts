import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { keyedHash } from "@/lib/tokens";
import { createMembership, createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { eraseSubscriber } from "./erase";
import { exportPerson } from "./export-person";
import { getSubscriber, listSubscribers } from "./queries";
import { hasUsedTrial } from "./used-trial";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00Z");

function services(overrides: Partial<Parameters<typeof eraseSubscriber>[2]> = {}) {
  const cancelled: string[] = [];
  return {
    cancelled,
    now: NOW,
    isAuthor: async () => false,
    cancelMembership: async (id: string) => {
      cancelled.push(id);
    },
    ...overrides,
  };
}

async function createMoneyHistory(subscriberId: string): Promise<void> {
  const { db } = database;
  await db.membershipChange.create({
    data: {
      subscriberId,
      after: { status: "ACTIVE" },
      cause: "AUTHOR",
      reason: "She proofreads",
      at: NOW,
    },
  });
  await db.payment.create({
    data: {
      id: "ch_1",
      subscriberId,
      kind: "CHARGE",
      status: "succeeded",
      amountCents: 4_321,
      currency: "usd",
      at: NOW,
    },
  });
}

describe("erasing", () => {
  it("leaves no trace of the person but the fact that an issue was mailed", async () => {
    const { db } = database;
    const subscriber = await createSubscriber(db, { email: "gone@example.com", name: "Gone Girl" });
    const [sent, open] = [await createPublishedIssue(db), await createPublishedIssue(db)];
    await db.delivery.create({
      data: { issueId: sent.id, subscriberId: subscriber.id, state: "SENT", messageId: "1" },
    });
    await db.delivery.create({
      data: { issueId: open.id, subscriberId: subscriber.id, state: "QUEUED", messageId: "2" },
    });
    await db.notice.create({
      data: {
        kind: "welcome",
        dedupeKey: "w",
        email: subscriber.email,
        subscriberId: subscriber.id,
        data: {},
        messageId: "3",
      },
    });
    await createMoneyHistory(subscriber.id);
    expect(await eraseSubscriber(db, subscriber.id, services())).toBe(true);
    expect(await eraseSubscriber(db, subscriber.id, services())).toBe(false);
    const tables = [
      db.membershipChange.findMany(),
      db.payment.findMany(),
      db.subscriber.findMany(),
      db.notice.findMany(),
      db.session.findMany(),
      db.suppression.findMany(),
    ];
    expect((await Promise.all(tables)).flat()).toEqual([]);
    const deliveries = await db.delivery.findMany({ orderBy: { messageId: "asc" } });
    expect(deliveries.map(({ subscriberId, state }) => [subscriberId, state])).toEqual([
      [null, "SENT"],
      [null, "SKIPPED"],
    ]);
  });

  it.each([
    ["UNSUBSCRIBED", null, "unsubscribed"],
    ["SUPPRESSED", "bounced", "bounced"],
  ] as const)("remembers, as a hash, an address that was %s", async (status, suppressedReason, reason) => {
    const { db } = database;
    const { id, email } = await createSubscriber(db, { status, suppressedReason });
    await eraseSubscriber(db, id, services());
    expect(await db.suppression.findMany({ select: { emailHash: true, reason: true } })).toEqual([
      { emailHash: keyedHash("address", email), reason },
    ]);
  });

  it("remembers, as a hash of its own kind, an address that had a trial, and no other", async () => {
    const { db } = database;
    const had = await createSubscriber(db, { trialUsedAt: new Date("2026-03-01T09:00:00Z") });
    const never = await createSubscriber(db);
    for (const { id } of [had, never]) await eraseSubscriber(db, id, services());
    expect(await db.usedTrial.findMany()).toEqual([
      { emailHash: keyedHash("trial", had.email), usedAt: had.trialUsedAt },
    ]);
    const again = (email: string) => createSubscriber(db, { email });
    expect(await hasUsedTrial(db, await again(had.email))).toBe(true);
    expect(await hasUsedTrial(db, await again(never.email))).toBe(false);
    const { id } = await db.subscriber.findUniqueOrThrow({ where: { email: had.email } });
    await eraseSubscriber(db, id, services());
    expect(await db.usedTrial.count()).toBe(1);
  });

  it("takes their customer off the events that Stripe sent, and off nobody else's", async () => {
    const { db } = database;
    const { id } = await createSubscriber(db, { stripeCustomerId: "cus_gone" });
    await db.stripeEvent.createMany({
      data: ["gone", "other"].map((name) => ({
        id: `evt_${name}`,
        type: "invoice.paid",
        customerId: `cus_${name}`,
      })),
    });
    await eraseSubscriber(db, id, services());
    const events = await db.stripeEvent.findMany({ orderBy: { id: "asc" } });
    expect(events.map(({ customerId }) => customerId)).toEqual([null, "cus_other"]);
  });

  it("ends what Stripe still charges first, and stops where that fails", async () => {
    const { db } = database;
    const paying = await createSubscriber(db);
    await createMembership(db, paying.id, {
      source: "STRIPE",
      status: "TRIALING",
      stripeSubscriptionId: "sub_1",
    });
    const down = services({
      cancelMembership: async () => {
        throw new DomainError("UNAVAILABLE", "Stripe does not answer.");
      },
    });
    await expect(eraseSubscriber(db, paying.id, down)).rejects.toThrow("Stripe does not answer");
    expect(await db.subscriber.count()).toBe(1);
    const up = services();
    await eraseSubscriber(db, paying.id, up);
    expect(up.cancelled).toEqual([paying.id]);
    expect(await db.membership.count()).toBe(0);
  });

  it.each([
    ["a comp", { source: "COMP" as const }],
    [
      "an ended subscription",
      { source: "STRIPE" as const, status: "CANCELED" as const, stripeSubscriptionId: "sub_1" },
    ],
  ])("asks Stripe nothing about %s", async (_what, membership) => {
    const subscriber = await createSubscriber(database.db);
    await createMembership(database.db, subscriber.id, membership);
    const used = services();
    expect(await eraseSubscriber(database.db, subscriber.id, used)).toBe(true);
    expect(used.cancelled).toEqual([]);
  });

  it("refuses the author's own row", async () => {
    const { id } = await createSubscriber(database.db);
    await expect(eraseSubscriber(database.db, id, services({ isAuthor: async () => true }))).rejects.toThrow(
      DomainError,
    );
  });
});

it("hands a person everything about them and no secret", async () => {
  const { db } = database;
  const subscriber = await createSubscriber(db, { feedToken: "feed-secret", name: "Ann" });
  await db.session.create({
    data: {
      id: "s1",
      token: "session-secret",
      expiresAt: NOW,
      subscriberId: subscriber.id,
      userAgent: "Firefox",
    },
  });
  await createMembership(db, subscriber.id);
  await createMoneyHistory(subscriber.id);
  const text = JSON.stringify(await exportPerson(db, subscriber.id, { now: NOW }));
  for (const held of [subscriber.email, "Ann", "Firefox", "COMP", "She proofreads", "4321"])
    expect(text).toContain(held);
  for (const secret of ["feed-secret", "session-secret"]) expect(text).not.toContain(secret);
  expect(await exportPerson(db, "nobody", { now: NOW })).toBeNull();
});

describe("the list of subscribers", () => {
  it("is searched by address and name, filtered by status, and counted", async () => {
    const { db } = database;
    for (let index = 0; index < 7; index += 1) {
      await createSubscriber(db, {
        email: `ann${index}@example.com`,
        createdAt: new Date(NOW.getTime() + index),
      });
    }
    await createSubscriber(db, { email: "bob@example.com", name: "Ann's friend", status: "PENDING" });
    await createSubscriber(db, { email: "eve@example.com", status: "UNSUBSCRIBED" });
    const found = await listSubscribers(db, { search: " ANN ", pageSize: 3, page: 2 });
    expect(found).toMatchObject({ total: 8, page: 2, pageCount: 3 });
    expect(found.counts).toEqual({ PENDING: 1, CONFIRMED: 7, UNSUBSCRIBED: 0, SUPPRESSED: 0 });
    const pending = await listSubscribers(db, { search: "ann", status: "PENDING" });
    expect(pending.rows.map((row) => row.email)).toEqual(["bob@example.com"]);
    expect((await listSubscribers(db, { page: 99, pageSize: 5 })).page).toBe(2);
  });

  it("takes signs of patterns for what they are", async () => {
    await createSubscriber(database.db, { email: "a_b@example.com" });
    await createSubscriber(database.db, { email: "axb@example.com" });
    expect((await listSubscribers(database.db, { search: "a_b" })).total).toBe(1);
    expect((await listSubscribers(database.db, { search: "%" })).total).toBe(0);
    expect((await listSubscribers(database.db, { search: "\\" })).total).toBe(0);
  });

  it("knows what a person got", async () => {
    const { db } = database;
    const subscriber = await createSubscriber(db);
    const issue = await createPublishedIssue(db);
    await db.delivery.create({
      data: { issueId: issue.id, subscriberId: subscriber.id, state: "SENT", messageId: "1" },
    });
    const history = await getSubscriber(db, subscriber.id);
    expect(history?.deliveries).toMatchObject([{ state: "SENT", issue: { slug: issue.slug } }]);
    expect(await getSubscriber(db, "nobody")).toBeNull();
  });
});
