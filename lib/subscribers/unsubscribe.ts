/**
 * Ends the mail at once, and takes it up again when the person says that it was a mistake. May run twice. Never touches
 * a membership: what was paid for stays readable, and money is ended in the account. Never mails anything.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, databaseNow, type Transaction } from "@/lib/db";
import { log } from "@/lib/log";
import { makeToken, readToken } from "@/lib/tokens";

/** Longer than a worker trusts what it saw of a reader (`lib/deliveries/second-look.ts`). */
const LONGEST_WAIT_MS = 1_000;
const LOOK_EVERY_MS = 20;
const UNDO_MS = 24 * 60 * 60 * 1_000;

/** Of the page with a button. The token lives as long as the mail that carries it, and can do nothing else. */
export function unsubscribeUrl(subscriberId: string, options: { publicUrl: string }): string {
  return unsubscribeUrls(subscriberId, options).unsubscribeUrl;
}

/** Of the machine's one-click request, RFC 8058. */
export function oneClickUrl(subscriberId: string, options: { publicUrl: string }): string {
  return unsubscribeUrls(subscriberId, options).oneClickUrl;
}

/** Both of them, for who writes thousands: their token is the same. */
export function unsubscribeUrls(subscriberId: string, { publicUrl }: { publicUrl: string }) {
  const token = makeToken("unsubscribe", subscriberId);
  return {
    unsubscribeUrl: `${publicUrl}/unsubscribe?token=${token}`,
    oneClickUrl: `${publicUrl}/api/unsubscribe?token=${token}`,
  };
}

export type UnsubscribeLink = { email: string; gets: boolean } | null;

/** Whose mail the link ends, and whether they get any now. Null for a forged link or a person who is gone. */
export async function inspectUnsubscribeLink(
  db: Database | Transaction,
  token: string,
  options: { now: Date },
): Promise<UnsubscribeLink> {
  const subscriberId = readToken("unsubscribe", token, options);
  if (subscriberId === null) return null;
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
  if (!subscriber) return null;
  return {
    email: subscriber.email,
    gets: subscriber.status === "CONFIRMED" || subscriber.status === "PENDING",
  };
}

export type Farewell = { subscriberId: string; undoToken: string };

/** By the link or the one-click request. Null for a forged token or a person who is gone. */
export async function unsubscribeByToken(
  db: Database,
  token: string,
  options: { now: Date },
): Promise<Farewell | null> {
  const subscriberId = readToken("unsubscribe", token, options);
  if (subscriberId === null) return null;
  const known = await unsubscribe(db, subscriberId, options);
  return known ? { subscriberId, undoToken: makeUndoToken(subscriberId, options.now) } : null;
}

/** A token that takes the unsubscribing back, for a day. */
export function makeUndoToken(subscriberId: string, now: Date): string {
  return makeToken("resubscribe", subscriberId, { expiresAt: new Date(now.getTime() + UNDO_MS) });
}

/**
 * False when there is no such person. Mail that waits for its turn is skipped in the same transaction, which ends when
 * none is on its way: no message to somebody begins after they left.
 */
export async function unsubscribe(
  db: Database,
  subscriberId: string,
  options: { now: Date },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.subscriber.updateMany({
      where: { id: subscriberId, status: { in: ["CONFIRMED", "PENDING"] } },
      data: { status: "UNSUBSCRIBED", unsubscribedAt: options.now },
    });
    if (count === 0) return (await tx.subscriber.count({ where: { id: subscriberId } })) > 0;
    await skipOpenDeliveries(tx, [subscriberId], skipReason(options.now));
    await untilNoneIsOnItsWay(tx, subscriberId);
    log.info({ event: "subscribers.unsubscribed", subscriberId }, "A subscriber left.");
    return true;
  });
}

/** Milliseconds as a rule. What takes longer a worker looks at again before it sends, or has begun to send already. */
async function untilNoneIsOnItsWay(tx: Transaction, subscriberId: string): Promise<void> {
  const until = performance.now() + LONGEST_WAIT_MS;
  while ((await tx.delivery.count({ where: { subscriberId, state: "SENDING" } })) > 0) {
    if (performance.now() > until) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Why a delivery was skipped; `resubscribe` finds by it what it may bring back. */
export function skipReason(unsubscribedAt: Date): string {
  return `unsubscribed ${unsubscribedAt.toISOString()}`;
}

/** Also for suppressing and erasing: whoever must not be mailed leaves no mail in the queue. */
export async function skipOpenDeliveries(
  tx: Transaction,
  subscriberIds: string[],
  reason: string,
): Promise<void> {
  await tx.delivery.updateMany({
    where: { subscriberId: { in: subscriberIds }, state: { in: ["QUEUED", "DEFERRED"] } },
    data: { state: "SKIPPED", reply: reason, leaseUntil: null },
  });
}

export type UndoLink = { subscriberId: string; email: string; isBack: boolean } | null;

/** What the farewell page shows. Null once the day is over. */
export async function inspectUndoLink(
  db: Database | Transaction,
  token: string,
  options: { now: Date },
): Promise<UndoLink> {
  const subscriberId = readToken("resubscribe", token, options);
  if (subscriberId === null) return null;
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
  if (!subscriber || subscriber.status === "SUPPRESSED") return null;
  return { subscriberId, email: subscriber.email, isBack: subscriber.status !== "UNSUBSCRIBED" };
}

/**
 * Takes the unsubscribing back and lets the mail that it skipped go out after all. False when the token does not hold.
 * Somebody who had never confirmed waits for their confirmation again.
 */
export async function resubscribe(db: Database, token: string, options: { now: Date }): Promise<boolean> {
  const subscriberId = readToken("resubscribe", token, options);
  if (subscriberId === null) return false;
  return db.$transaction(async (tx) => {
    const subscriber = await tx.subscriber.findUnique({ where: { id: subscriberId } });
    if (!subscriber || subscriber.status === "SUPPRESSED") return false;
    if (subscriber.status !== "UNSUBSCRIBED" || !subscriber.unsubscribedAt) return true;
    const { count } = await tx.subscriber.updateMany({
      where: { id: subscriberId, status: "UNSUBSCRIBED", unsubscribedAt: subscriber.unsubscribedAt },
      data: { status: subscriber.confirmedAt ? "CONFIRMED" : "PENDING", unsubscribedAt: null },
    });
    if (count === 0 || !subscriber.confirmedAt) return true;
    await tx.delivery.updateMany({
      where: { subscriberId, state: "SKIPPED", reply: skipReason(subscriber.unsubscribedAt) },
      data: { state: "QUEUED", reply: null, nextAttemptAt: await databaseNow(tx) },
    });
    log.info({ event: "subscribers.resubscribed", subscriberId }, "A subscriber took the farewell back.");
    return true;
  });
}
