/** An issue that was mailed some time ago, for tests of what becomes of its ledger. */
import type { Database } from "@/lib/db";
import { createIssue, createPublication } from "@/prisma/factories";
import { loadIssue, writeIssueMail } from "./issue-to-send";
import { prepareDeliveries } from "./prepare";
import { messageHash } from "./received-mail";
import { createReaders, memoryImages } from "./sending.fixture";

/** Six readers: three have it, two were refused or given up, one was skipped. Everything settled at `settledAt`. */
export async function createMailedIssue(db: Database, settledAt: Date) {
  if ((await db.publication.count()) === 0) await createPublication(db);
  const readers = await createReaders(db, 6);
  const issue = await createIssue(db, { state: "PUBLISHED", publishedAt: settledAt, number: null });
  await prepareDeliveries(db, issue.id, { now: settledAt, images: memoryImages() });
  const { id: statusLineId } = await db.statusLine.upsert({
    where: { text: "You are a free subscriber." },
    create: { text: "You are a free subscriber." },
    update: {},
  });
  const sent = {
    state: "SENT",
    reply: "250 taken",
    sentAt: settledAt,
    attempt: 1,
    variant: "TEASER",
  } as const;
  const outcomes = [
    sent,
    sent,
    { ...sent, variant: "WHOLE" },
    {
      state: "FAILED",
      reply: "550 5.1.1 nobody",
      smtpCode: 550,
      enhancedCode: "5.1.1",
      attempt: 1,
      variant: "TEASER",
    },
    {
      state: "FAILED",
      reply: "gave up after 72 hours: 450 later",
      smtpCode: 450,
      attempt: 40,
      variant: "TEASER",
    },
    { state: "SKIPPED", reply: "not confirmed: pending" },
  ] as const;
  const loaded = await loadIssue(db, issue.id);
  for (const [index, outcome] of outcomes.entries()) {
    const { id: subscriberId = "", email = "" } = readers[index] ?? {};
    const where = { subscriberId_issueId: { subscriberId, issueId: issue.id } };
    const { messageId } = await db.delivery.findUniqueOrThrow({ where });
    const copy = "variant" in outcome && {
      statusLineId,
      messageHash: messageHash(
        writeIssueMail(loaded, {
          issueId: issue.id,
          subscriberId,
          email,
          messageId,
          variant: outcome.variant,
          statusLine: "You are a free subscriber.",
        }),
      ),
    };
    await db.delivery.update({
      where,
      data: { ...outcome, ...copy, createdAt: settledAt, nextAttemptAt: settledAt },
    });
  }
  return { issue, readers };
}
