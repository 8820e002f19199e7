/**
 * Signing in by mail: a code typed into the tab that asked, or a link whose page has a button. Each request can be used
 * once, by one of many presses at the same moment, for ten minutes and five tries; a new one replaces the one before.
 * Never tells whether an address is known, and never changes anything when a link is only opened.
 *
 * Written here and not taken from better-auth, because a code and a link that die together, the tie to the asking browser
 * and the count of tries have to be single statements on one row.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Limit, takeToken } from "@/lib/rate-limit";
import { isRoleAddress, mailboxKey, parseAddress } from "@/lib/subscribers/address";
import { confirmSubscriber } from "@/lib/subscribers/confirm";
import { CONSENT_VERSION } from "@/lib/subscribers/sign-up";
import { keyedHash, randomToken } from "@/lib/tokens";
import type { SignInRequest, Subscriber } from "@/prisma/generated/client";
import { isAuthorAddress } from "./authors";
import { safeNextPath } from "./next-path";
import { makeCode, readCode } from "./sign-in-code";

export const SIGN_IN_MINUTES = 10;
const MAX_TRIES = 5;
const PER_MAILBOX: Limit = { limit: 3, windowSeconds: 15 * 60 };
const PER_CLIENT: Limit = { limit: 10, windowSeconds: 60 * 60 };
const FOR_EVERYBODY: Limit = { limit: 300, windowSeconds: 60 };

/**
 * Mails a code and a link where the address is known. With `newcomers` an unknown address becomes a pending subscriber
 * and gets a code too: typing it proves the mailbox, so it subscribes and signs in at once. Returns what the asking browser has to keep in a cookie, for an
 * address that nobody has too; null tells it to keep what it has, because this mailbox was asked often enough. Throws INVALID for what is no address, TOO_MANY for a client that asks too often.
 */
export async function requestSignIn(
  db: Database,
  input: { email: string; next?: string | undefined; client: string | null; newcomers?: { source: string } },
  options: { now: Date },
): Promise<{ browserToken: string | null }> {
  const { now } = options;
  const address = parseAddress(input.email);
  if (!address.ok) throw new DomainError("INVALID", address.problem, { fields: { email: address.problem } });
  await requirePatience(db, input.client, now);
  const mailbox = await takeToken(db, {
    ...PER_MAILBOX,
    key: `sign-in:mailbox:${mailboxKey(address.email)}`,
    now,
  });
  if (!mailbox.allowed) return { browserToken: null };
  const browserToken = randomToken();
  const code = makeCode();
  const linkToken = randomToken();
  await db.$transaction(async (tx) => {
    const subscriber = await findOrMake(tx, address.email, input.newcomers ?? null, now);
    const row = {
      subscriberId: subscriber?.id ?? null,
      browserHash: hash(browserToken),
      linkHash: hash(linkToken),
      codeHash: hashCode(hash(browserToken), code),
      tries: 0,
      nextPath: safeNextPath(input.next),
      expiresAt: new Date(now.getTime() + SIGN_IN_MINUTES * 60_000),
      createdAt: now,
    };
    const emailHash = keyedHash("address", address.email);
    await tx.signInRequest.upsert({ where: { emailHash }, create: { emailHash, ...row }, update: row });
    if (!subscriber) return;
    await enqueueNotice(tx, {
      kind: "sign-in-code",
      to: { subscriberId: subscriber.id, email: subscriber.email },
      dedupeKey: `sign-in-code:${row.linkHash.slice(0, 32)}`,
      data: {
        code,
        signInUrl: `${getEnv().PUBLIC_URL}/sign-in/link?token=${linkToken}`,
        expiresInMinutes: SIGN_IN_MINUTES,
      },
      expiresAt: row.expiresAt,
    });
  });
  return { browserToken };
}

async function requirePatience(db: Database, client: string | null, now: Date): Promise<void> {
  const answers = [await takeToken(db, { ...FOR_EVERYBODY, key: "sign-in:everybody", now })];
  if (client !== null)
    answers.push(await takeToken(db, { ...PER_CLIENT, key: `sign-in:client:${client}`, now }));
  const refused = answers.find((answer) => !answer.allowed);
  if (!refused) return;
  throw new DomainError(
    "TOO_MANY",
    "Too many people asked to sign in from here. Please try again in a while.",
    {
      retryAfterSeconds: refused.retryAfterSeconds,
    },
  );
}

/** Somebody we may mail a code to. An author gets a row on demand, others only where newcomers are welcome. */
async function findOrMake(
  tx: Transaction,
  email: string,
  newcomers: { source: string } | null,
  now: Date,
): Promise<Subscriber | null> {
  const author = await isAuthorAddress(tx, email);
  if (author || (newcomers && !isRoleAddress(email))) {
    const source = author ? "author" : (newcomers?.source ?? "");
    const consent = author ? "author" : CONSENT_VERSION;
    await tx.subscriber.createMany({
      data: [{ email, status: "PENDING", source, consent, consentAt: now, createdAt: now }],
      skipDuplicates: true,
    });
  }
  return tx.subscriber.findFirst({ where: { email, status: { not: "SUPPRESSED" } } });
}

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
  return tryCode(db, { browserHash: hash(input.browserToken) }, input.code, options);
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
  const request = await findOpenRequest(db, { linkHash: hash(input.linkToken) }, options.now);
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
  const key = { linkHash: hash(input.linkToken), browserHash: hash(input.browserToken) };
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
  const request = await findOpenRequest(db, { linkHash: hash(input.linkToken) }, options.now);
  if (!request?.subscriberId) return { state: "unusable" };
  const subscriber = await db.subscriber.findUnique({ where: { id: request.subscriberId } });
  if (!subscriber) return { state: "unusable" };
  const sameBrowser = input.browserToken !== null && hash(input.browserToken) === request.browserHash;
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

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Bound to the request, so that one code means nothing for another. */
function hashCode(browserHash: string, code: string): string {
  return keyedHash("sign-in", `${browserHash}\n${code}`);
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

/** Removes requests that are too old to be used. For the worker's clean-up. */
export async function pruneSignInRequests(db: Database, options: { now: Date }): Promise<number> {
  const { count } = await db.signInRequest.deleteMany({ where: { expiresAt: { lt: options.now } } });
  return count;
}
