import type { Database, Transaction } from "@/lib/db";
import type { Document } from "@/lib/issues/document/schema";
import type { Prisma } from "./generated/client";

/**
 * Rows for tests, journeys and the sample publication. Each takes overrides and returns what it made; names and
 * addresses are numbered so that two calls never collide.
 */

let counter = 0;
const next = () => ++counter;

export const SAMPLE_BODY: Document = {
  type: "doc",
  content: [
    { type: "paragraph", content: [{ type: "text", text: "Before the wall." }] },
    { type: "paywall" },
    { type: "paragraph", content: [{ type: "text", text: "Behind the wall." }] },
  ],
};

export function createPublication(
  db: Database | Transaction,
  overrides: Partial<Prisma.PublicationUncheckedCreateInput> = {},
) {
  return db.publication.create({
    data: {
      name: "The Test Gazette",
      tagline: "All the news that passes",
      description: "A weekly for people who test.",
      seriesName: "Gazette",
      authorName: "Tess Author",
      senderName: "The Test Gazette",
      postalAddress: "1 Fixture Lane, Testville",
      timeZone: "Europe/London",
      ...overrides,
    },
  });
}

export function createSubscriber(
  db: Database | Transaction,
  overrides: Partial<Prisma.SubscriberUncheckedCreateInput> = {},
) {
  const status = overrides.status ?? "CONFIRMED";
  return db.subscriber.create({
    data: {
      email: `reader${next()}.${process.pid}@example.com`,
      status,
      emailVerified: status === "CONFIRMED",
      confirmedAt: status === "PENDING" ? null : new Date("2026-01-02T09:00:00Z"),
      ...overrides,
    },
  });
}

export function createMembership(
  db: Database | Transaction,
  subscriberId: string,
  overrides: Partial<Prisma.MembershipUncheckedCreateInput> = {},
) {
  return db.membership.create({
    data: {
      subscriberId,
      source: "COMP",
      status: "ACTIVE",
      startedAt: new Date("2026-01-02T09:00:00Z"),
      ...overrides,
    },
  });
}

export function createIssue(
  db: Database | Transaction,
  overrides: Partial<Prisma.IssueUncheckedCreateInput> = {},
) {
  const number = next();
  return db.issue.create({
    data: {
      number,
      slug: `issue-${number}-${process.pid}`,
      title: `Issue ${number}`,
      subtitle: "What changed this week",
      body: SAMPLE_BODY,
      teaserText: "Before the wall.",
      ...overrides,
    },
  });
}

export function createPublishedIssue(
  db: Database | Transaction,
  overrides: Partial<Prisma.IssueUncheckedCreateInput> = {},
) {
  return createIssue(db, {
    state: "PUBLISHED",
    publishedAt: new Date("2026-11-20T09:00:00Z"),
    audience: "MEMBERS",
    ...overrides,
  });
}
