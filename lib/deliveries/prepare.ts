/**
 * Freezes what will be sent and to whom: both variants of the mail and one QUEUED delivery for each confirmed
 * subscriber, in one transaction, so that all of it is there or none. May run twice and from several workers: the
 * second call finds the audience frozen. Never sends.
 */
import { z } from "zod";
import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { missedBefore } from "@/lib/issues/missed-moment";
import { tellOfMissedMoment } from "@/lib/issues/tell-author";
import { askForJob } from "@/lib/jobs";
import { log } from "@/lib/log";
import type { ComposedMail } from "@/lib/mail/compose";
import { messageIdAt } from "@/lib/mail/headers";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { Prisma } from "@/prisma/generated/client";
import { DATABASE_NOW } from "./clock";
import { composeVariant } from "./issue-mail";
import { readerMark } from "./message-ids";
import { pauseSending } from "./pause";

export type Preparation =
  | { outcome: "prepared"; audience: number }
  /** Another call was first, or the issue is not to be mailed (any more). */
  | { outcome: "nothing-to-do" };

const TIMES_TO_COMPOSE = 3;

/**
 * An audience of nobody is frozen too: who confirms later gets the next issue. Throws UNAVAILABLE when the issue is
 * edited faster than its mail can be drawn.
 */
export async function prepareDeliveries(
  db: Database,
  issueId: string,
  services: { now: Date; images: ImageStorage },
): Promise<Preparation> {
  for (let time = 0; time < TIMES_TO_COMPOSE; time += 1) {
    const issue = await db.issue.findFirst({ where: { id: issueId, ...UNPREPARED } });
    if (!issue) return { outcome: "nothing-to-do" };
    const mails = {
      WHOLE: await composeVariant(db, { issueId, variant: "WHOLE" }, services),
      TEASER: await composeVariant(db, { issueId, variant: "TEASER" }, services),
    };
    const audience = await freeze(db, { issueId, version: issue.version }, mails, services.now);
    if (audience === "edited meanwhile") continue;
    if (audience === null) return { outcome: "nothing-to-do" };
    log.info({ event: "deliveries.prepared", issueId, audience }, "the audience of an issue is frozen");
    return { outcome: "prepared", audience };
  }
  throw new DomainError("UNAVAILABLE", "The issue is being edited. Sending begins when that stops.");
}

/** What the head of every copy says of us, whatever the author changes while it is being sent. */
export const frozenSenderSchema = z.object({
  senderName: z.string(),
  replyTo: z.string().nullable(),
  publicationName: z.string(),
});
export type FrozenSender = z.infer<typeof frozenSenderSchema>;

export function frozenSenderOf(publication: PublicationSettings): FrozenSender {
  const { senderName, replyTo, name } = publication;
  return { senderName, replyTo, publicationName: name };
}

const UNPREPARED = {
  kind: "ISSUE",
  state: "PUBLISHED",
  sendsMail: true,
  audienceFrozenAt: null,
  withdrawnAt: null,
} as const;

/** Published issues that wait for their audience. */
export async function listUnprepared(db: Database): Promise<{ id: string; slug: string }[]> {
  return db.issue.findMany({
    where: UNPREPARED,
    orderBy: { publishedAt: "asc" },
    select: { id: true, slug: true },
  });
}

const TOO_LATE = "It was published a while ago, and only now can its mail be made. Is it still to go out?";

/**
 * Holds the mail of issues that were let go so long ago, though it could not be made since, that the author is asked
 * first, as with a moment that was missed; every author is told once. How many it held.
 */
export async function holdLateIssues(db: Database, { now }: { now: Date }): Promise<number> {
  const before = missedBefore(now, await getPublication(db));
  const late = await db.issue.findMany({
    where: { ...UNPREPARED, releasedAt: { lte: before }, sendingPausedAt: null },
    select: { id: true, title: true, releasedAt: true },
  });
  for (const { id, title, releasedAt } of late) {
    if (releasedAt === null || !(await pauseSending(db, id, { reason: TOO_LATE, now }))) continue;
    await tellOfMissedMoment(db, { id, title, dueAt: releasedAt });
  }
  return late.length;
}

async function freeze(
  db: Database,
  issue: { issueId: string; version: number },
  mails: Record<"WHOLE" | "TEASER", ComposedMail>,
  now: Date,
): Promise<number | null | "edited meanwhile"> {
  const { issueId } = issue;
  return db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Issue" WHERE id = ${issueId} FOR UPDATE`;
      const locked = await tx.issue.findFirst({ where: { id: issueId, ...UNPREPARED } });
      if (!locked) return null;
      if (locked.version !== issue.version) return "edited meanwhile";
      const sender = frozenSenderOf(await getPublication(tx));
      await tx.frozenMail.createMany({
        data: [
          { issueId, variant: "WHOLE", ...mails.WHOLE, sender, frozenAt: now },
          { issueId, variant: "TEASER", ...mails.TEASER, sender, frozenAt: now },
        ],
      });
      const audienceCount = await writeAudience(tx, issueId);
      await tx.issue.update({ where: { id: issueId }, data: { audienceFrozenAt: now, audienceCount } });
      if (audienceCount > 0) await askForJob(tx, "send", { issueId });
      return audienceCount;
    },
    { timeout: 120_000, maxWait: 30_000 },
  );
}

/** One statement, however many there are: a row for each confirmed subscriber who has none of this issue yet. */
export async function writeAudience(tx: Transaction, issueId: string): Promise<number> {
  const [before, after] = messageIdAt(`${issueId}.|`, getEnv().MAIL_FROM).split("|");
  return tx.$executeRaw`
    INSERT INTO "Delivery" ("issueId", "subscriberId", "messageId", "state", "nextAttemptAt", "createdAt")
    SELECT ${issueId}, s.id,
      ${before} || ${readerMark(issueId, Prisma.sql`s.id`)} || ${after},
      'QUEUED'::"DeliveryState", ${DATABASE_NOW}, ${DATABASE_NOW}
    FROM "Subscriber" s
    WHERE s.status = ${Prisma.sql`'CONFIRMED'::"SubscriberStatus"`}
      AND NOT EXISTS (SELECT 1 FROM "Delivery" d WHERE d."subscriberId" = s.id AND d."issueId" = ${issueId})
    ORDER BY s.id`;
}
