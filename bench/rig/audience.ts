/** Readers and an issue for them, as the rig needs them: many, half of them members, and an issue of a real length. */
import type { Database } from "@/lib/db";
import type { Document } from "@/lib/issues/document/schema";
import { createPublication } from "@/prisma/factories";
import { Prisma } from "@/prisma/generated/client";

/** Every second reader is a member. The name says whose it is, so that it would be known in somebody else's mail. */
export async function createAudience(db: Database, readers: number): Promise<void> {
  await createPublication(db, { postalAddress: "1 Bench Lane, Testville" });
  await db.$executeRaw(Prisma.sql`
    INSERT INTO "Subscriber" (id, email, name, status, "emailVerified", "confirmedAt", "updatedAt")
    SELECT gen_random_uuid()::text, 'reader' || n || '@inbox' || n % 7 || '.test', 'name-of-' || n || '-reader',
      'CONFIRMED'::"SubscriberStatus", true, now(), now()
    FROM generate_series(1, ${readers}::int) AS n`);
  await db.$executeRaw(Prisma.sql`
    INSERT INTO "Membership" ("subscriberId", source, status, "startedAt", "updatedAt")
    SELECT id, 'COMP'::"MembershipSource", 'ACTIVE'::"MembershipStatus", now(), now()
    FROM "Subscriber" WHERE substring(email FROM '[0-9]+')::int % 2 = 0`);
}

/** Due at once: the worker publishes it, freezes its audience and sends. */
export function scheduleIssue(db: Database, number: number): Promise<string> {
  return createIssue(db, number, { state: "SCHEDULED", scheduledFor: new Date(Date.now() - 1_000) });
}

/** For somebody else to schedule. */
export function draftIssue(db: Database, number: number): Promise<string> {
  return createIssue(db, number, { state: "DRAFT", audience: "MEMBERS" });
}

async function createIssue(
  db: Database,
  number: number,
  state: Pick<Prisma.IssueUncheckedCreateInput, "state" | "scheduledFor" | "audience">,
): Promise<string> {
  const { id } = await db.issue.create({
    data: {
      number,
      slug: `issue-${number}`,
      title: `Issue ${number}: what held, and what broke – measured`,
      subtitle: "What changed this week",
      body: issueBody(),
      ...state,
    },
  });
  return id;
}

const SENTENCE =
  "A message is handed over when the server says so, and not before; what lies between the last dot and the answer is " +
  "known to nobody – and this is why we count it. ";

/**
 * What is most easily broken on the way, each a line of the text part of every mail: SMTP ends a message with a dot
 * alone, takes one away from every other line that begins with it, and knows neither long lines nor large octets.
 */
export const HARD_LINES: readonly string[] = [
  ".",
  "..and what is hidden begins with a dot",
  ".".repeat(200),
  `${"long".repeat(300)}.`,
  "Größe, naïveté, İstanbul, 中文, 🙂 = 100 %",
];

function issueBody(): Document {
  const paragraph = (text: string) => ({
    type: "paragraph" as const,
    content: [{ type: "text" as const, text }],
  });
  const paragraphs = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => paragraph(`${from + at}. ${SENTENCE.repeat(2)}`));
  return {
    type: "doc",
    content: [...paragraphs(1, 4), ...HARD_LINES.map(paragraph), { type: "paywall" }, ...paragraphs(5, 6)],
  };
}
