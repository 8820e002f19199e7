/**
 * What a feed carries: the newest issues, each cut for whoever the feed belongs to. Reads only. The public feed is a
 * stranger's; a member's own feed follows the gate at each call, so it shortens itself when the membership ends.
 */
import type { Database } from "@/lib/db";
import { STRANGER, type Viewer } from "@/lib/memberships/access";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { hasUsedTrial } from "@/lib/subscribers/used-trial";
import { type IssueForReader, readIssue } from "./read-issue";

const ISSUES_IN_FEED = 20;

export type FeedForReader = { publication: PublicationSettings; issues: IssueForReader[] };

export async function readPublicFeed(db: Database, { now }: { now: Date }): Promise<FeedForReader> {
  return readFeed(db, STRANGER, now);
}

/** Null where no subscriber has this feed token: never made, or replaced since. */
export async function readMembersFeed(
  db: Database,
  request: { token: string; now: Date },
): Promise<FeedForReader | null> {
  const subscriber = await db.subscriber.findUnique({
    where: { feedToken: request.token },
    include: { membership: true },
  });
  if (!subscriber) return null;
  const viewer: Viewer = {
    kind: "reader",
    subscriberId: subscriber.id,
    email: subscriber.email,
    isConfirmed: subscriber.status === "CONFIRMED",
    // A feed's address is easily copied, so it never opens what only the author may see.
    isAuthor: false,
    membership: subscriber.membership,
    trialUsed: await hasUsedTrial(db, subscriber),
  };
  return readFeed(db, viewer, request.now);
}

async function readFeed(db: Database, viewer: Viewer, now: Date): Promise<FeedForReader> {
  const publication = await getPublication(db);
  const newest = await db.issue.findMany({
    where: { kind: "ISSUE", state: "PUBLISHED", publishedAt: { lte: now } },
    orderBy: [{ publishedAt: "desc" }, { id: "desc" }],
    select: { slug: true },
    take: ISSUES_IN_FEED,
  });
  const issues: IssueForReader[] = [];
  for (const { slug } of newest) {
    const issue = await readIssue(db, { slug, viewer, now });
    if (issue) issues.push(issue);
  }
  return { publication, issues };
}
