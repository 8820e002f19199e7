/**
 * Turns a proven mailbox into a confirmed subscriber and mails the welcome. May run twice: the second time changes
 * nothing and mails nothing. Never revives a suppressed address, nor one whose owner left after the link was mailed.
 */
import { createHash } from "node:crypto";
import type { Database, Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import { keyedHash, makeToken, readToken } from "@/lib/tokens";

const VALID_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * The link of a confirmation mail. Its token names the subscriber, when it was asked for, so that a link mailed before
 * somebody unsubscribed cannot bring them back, and the browser that asked, so that this one may be signed in.
 */
export function confirmUrl(
  subscriberId: string,
  options: { publicUrl: string; browserToken: string | null; now: Date },
): string {
  const expiresAt = new Date(options.now.getTime() + VALID_DAYS * DAY_MS);
  const browser = options.browserToken === null ? "" : browserMark(options.browserToken);
  const subject = `${subscriberId}:${options.now.getTime().toString(36)}:${browser}`;
  return `${options.publicUrl}/confirm?token=${makeToken("confirm", subject, { expiresAt })}`;
}

type Asked = { subscriberId: string; askedAt: Date; browser: string };

function readConfirmToken(token: string, now: Date): Asked | null {
  const [subscriberId, askedAt, browser] = readToken("confirm", token, { now })?.split(":") ?? [];
  if (!subscriberId || !askedAt || browser === undefined) return null;
  return { subscriberId, askedAt: new Date(Number.parseInt(askedAt, 36)), browser };
}

function browserMark(browserToken: string): string {
  return createHash("sha256").update(browserToken).digest("base64url").slice(0, 22);
}

export type ConfirmLink = { state: "ready" | "already-confirmed"; email: string } | { state: "unusable" };

/** What the page behind the link shows. Changes nothing, because mail scanners open it first. */
export async function inspectConfirmLink(
  db: Database | Transaction,
  token: string,
  options: { now: Date },
): Promise<ConfirmLink> {
  const asked = readConfirmToken(token, options.now);
  if (!asked) return { state: "unusable" };
  const subscriber = await db.subscriber.findUnique({ where: { id: asked.subscriberId } });
  if (!subscriber || subscriber.status === "SUPPRESSED") return { state: "unusable" };
  const { email } = subscriber;
  if (subscriber.status === "CONFIRMED") return { state: "already-confirmed", email };
  const leftSince = subscriber.unsubscribedAt !== null && subscriber.unsubscribedAt >= asked.askedAt;
  return leftSince ? { state: "unusable" } : { state: "ready", email };
}

export type Confirmation =
  /** `signIn` is true in the browser that signed up: it has proven the mailbox and may have a session. */
  | { outcome: "confirmed"; subscriberId: string; signIn: boolean }
  | { outcome: "already-confirmed" | "unusable" };

/** The button behind the link. */
export async function confirmByLink(
  db: Database,
  input: { token: string; browserToken: string | null },
  options: { now: Date },
): Promise<Confirmation> {
  const { now } = options;
  const link = await inspectConfirmLink(db, input.token, { now });
  if (link.state !== "ready") return { outcome: link.state };
  const asked = readConfirmToken(input.token, now);
  if (!asked) return { outcome: "unusable" };
  const { subscriberId } = asked;
  const changed = await confirmSubscriber(db, subscriberId, { now, leftBefore: asked.askedAt });
  if (!changed) return { outcome: "already-confirmed" };
  const signIn = input.browserToken !== null && browserMark(input.browserToken) === asked.browser;
  return { outcome: "confirmed", subscriberId, signIn };
}

/**
 * Confirms somebody who has just proven the mailbox, by link or by signing in. True for the one call that changed it.
 * `leftBefore` limits it to people who had not unsubscribed at that moment or later.
 */
export async function confirmSubscriber(
  db: Database | Transaction,
  subscriberId: string,
  options: { now: Date; leftBefore?: Date; from?: ("PENDING" | "UNSUBSCRIBED")[] },
): Promise<boolean> {
  const run = async (tx: Transaction): Promise<boolean> => {
    const { count } = await tx.subscriber.updateMany({
      where: {
        id: subscriberId,
        status: { in: options.from ?? ["PENDING", "UNSUBSCRIBED"] },
        ...(options.leftBefore
          ? { OR: [{ unsubscribedAt: null }, { unsubscribedAt: { lt: options.leftBefore } }] }
          : {}),
      },
      data: { status: "CONFIRMED", emailVerified: true, confirmedAt: options.now, unsubscribedAt: null },
    });
    if (count === 0) return false;
    await welcome(tx, subscriberId, options.now);
    return true;
  };
  const changed = "$transaction" in db ? await db.$transaction(run) : await run(db);
  if (changed) log.info({ event: "subscribers.confirmed", subscriberId }, "A subscriber confirmed.");
  return changed;
}

async function welcome(tx: Transaction, subscriberId: string, now: Date): Promise<void> {
  const { email } = await tx.subscriber.findUniqueOrThrow({ where: { id: subscriberId } });
  await tx.suppression.deleteMany({
    where: { emailHash: keyedHash("address", email), reason: "unsubscribed" },
  });
  await enqueueNotice(tx, {
    kind: "welcome",
    to: { subscriberId, email },
    dedupeKey: `welcome:${subscriberId}`,
    data: { latestIssueSlug: await latestIssueSlug(tx, now) },
  });
}

async function latestIssueSlug(tx: Transaction, now: Date): Promise<string | null> {
  const issue = await tx.issue.findFirst({
    where: { kind: "ISSUE", state: "PUBLISHED", publishedAt: { lte: now }, withdrawnAt: null },
    orderBy: { publishedAt: "desc" },
    select: { slug: true },
  });
  return issue?.slug ?? null;
}
