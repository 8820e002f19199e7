/**
 * Signing in by mail: a code typed into the tab that asked, or a link whose page has a button. Each request can be used
 * once, by one of many presses at the same moment, for ten minutes and five tries. Never changes anything when a link is
 * only opened, and gives one answer for every request that cannot be used.
 *
 * Written here and not taken from better-auth, because a code and a link that die together, the tie to the asking browser
 * and the count of tries have to be single statements on one row.
 */
import { timingSafeEqual } from "node:crypto";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { confirmSubscriber } from "@/lib/subscribers/confirm";
import type { SignInRequest } from "@/prisma/generated/client";
import { isAuthorAddress } from "./authors";
import { hashCode, hashToken, readCode } from "./sign-in-code";

const MAX_TRIES = 5;

export type SignedIn = { subscriberId: string; nextPath: string };
export type SignInAnswer =
  | { outcome: "signed-in"; who: SignedIn }
  /** The code was wrong; `triesLeft` more may follow. */
  | { outcome: "wrong-code"; triesLeft: number }
  /** Too old, used, replaced, out of tries, forged, or asked for in another browser: one answer for all. */
  | { outcome: "ask-again" };

/** A code typed into the browser that asked. */
export async function signInByCode(
  db: Database,
  input: { browserToken: string; code: string },
  options: { now: Date },
): Promise<SignInAnswer> {
  return tryCode(db, { browserHash: hashToken(input.browserToken) }, input.code, options);
}

/**
 * A code typed on the page of the link, in a browser that did not ask: the reader who asked on the laptop and opened the
 * mail on the phone. Scanners cannot type it. Not for authors, because it is not tied to the browser that asked.
 */
export async function signInByLinkAndCode(
  db: Database,
  input: { linkToken: string; code: string },
  options: { now: Date },
): Promise<SignInAnswer> {
  const request = await findOpenRequest(db, { linkHash: hashToken(input.linkToken) }, options.now);
  if (!request || (await isForAuthor(db, request))) return { outcome: "ask-again" };
  return tryCode(db, { linkHash: request.linkHash }, input.code, options);
}

/** The button on the page of the link, in the browser that asked. */
export async function signInByLink(
  db: Database,
  input: { linkToken: string; browserToken: string | null },
  options: { now: Date },
): Promise<SignInAnswer> {
  if (input.browserToken === null) return { outcome: "ask-again" };
  const key = { linkHash: hashToken(input.linkToken), browserHash: hashToken(input.browserToken) };
  const request = await findOpenRequest(db, key, options.now);
  return request ? consume(db, request, options.now) : { outcome: "ask-again" };
}

export type SignInLink =
  | { state: "ready"; email: string; sameBrowser: boolean; mayTypeCode: boolean }
  | { state: "unusable" };

/** What the page of the link shows: whose account it opens, and how. Changes nothing. */
export async function inspectSignInLink(
  db: Database,
  input: { linkToken: string; browserToken: string | null },
  options: { now: Date },
): Promise<SignInLink> {
  const request = await findOpenRequest(db, { linkHash: hashToken(input.linkToken) }, options.now);
  if (!request?.subscriberId) return { state: "unusable" };
  const subscriber = await db.subscriber.findUnique({ where: { id: request.subscriberId } });
  if (!subscriber) return { state: "unusable" };
  const sameBrowser = input.browserToken !== null && hashToken(input.browserToken) === request.browserHash;
  const mayTypeCode = !(await isAuthorAddress(db, subscriber.email));
  return { state: "ready", email: subscriber.email, sameBrowser, mayTypeCode };
}

type RequestKey = { browserHash: string } | { linkHash: string } | { browserHash: string; linkHash: string };

function findOpenRequest(db: Database, key: RequestKey, now: Date): Promise<SignInRequest | null> {
  return db.signInRequest.findFirst({ where: { ...key, expiresAt: { gt: now }, tries: { lt: MAX_TRIES } } });
}

async function isForAuthor(db: Database, request: SignInRequest): Promise<boolean> {
  if (!request.subscriberId) return false;
  const subscriber = await db.subscriber.findUnique({ where: { id: request.subscriberId } });
  return subscriber !== null && (await isAuthorAddress(db, subscriber.email));
}

/** Counts the try before it looks at the code, so that parallel guesses cannot share one. */
async function tryCode(
  db: Database,
  key: RequestKey,
  typed: string,
  options: { now: Date },
): Promise<SignInAnswer> {
  const [request] = await db.signInRequest.updateManyAndReturn({
    where: { ...key, expiresAt: { gt: options.now }, tries: { lt: MAX_TRIES } },
    data: { tries: { increment: 1 } },
  });
  if (!request) return { outcome: "ask-again" };
  const code = readCode(typed);
  if (code === null || !sameHash(hashCode(request.browserHash, code), request.codeHash)) {
    const triesLeft = MAX_TRIES - request.tries;
    return triesLeft > 0 ? { outcome: "wrong-code", triesLeft } : { outcome: "ask-again" };
  }
  return consume(db, request, options.now);
}

/** Deleting the row is the act of using it: of many at once, one call finds it. */
async function consume(db: Database, request: SignInRequest, now: Date): Promise<SignInAnswer> {
  const { subscriberId, linkHash, nextPath } = request;
  return db.$transaction(async (tx): Promise<SignInAnswer> => {
    const { count } = await tx.signInRequest.deleteMany({ where: { linkHash, expiresAt: { gt: now } } });
    if (count === 0 || subscriberId === null) return { outcome: "ask-again" };
    const subscriber = await tx.subscriber.findUnique({ where: { id: subscriberId } });
    if (!subscriber) return { outcome: "ask-again" };
    await confirmSubscriber(tx, subscriberId, { now, from: ["PENDING"] });
    log.info({ event: "auth.signed-in", subscriberId }, "Somebody signed in.");
    return { outcome: "signed-in", who: { subscriberId, nextPath } };
  });
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
