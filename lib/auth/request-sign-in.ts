/**
 * Mails a code and a link to an address that may sign in. May run again: a new request replaces the one before, three
 * times in a quarter of an hour. Never tells whether an address is known: the answer and the work are the same.
 */
import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Limit, takeToken } from "@/lib/rate-limit";
import { isRoleAddress, mailboxKey, parseAddress } from "@/lib/subscribers/address";
import { CONSENT_VERSION, isBlockedAddress } from "@/lib/subscribers/sign-up";
import { keyedHash, randomToken } from "@/lib/tokens";
import type { Subscriber } from "@/prisma/generated/client";
import { isAuthorAddress } from "./authors";
import { safeNextPath } from "./next-path";
import { hashCode, hashToken, makeCode } from "./sign-in-code";

export const SIGN_IN_MINUTES = 10;
const PER_MAILBOX: Limit = { limit: 3, windowSeconds: 15 * 60 };
const PER_CLIENT: Limit = { limit: 10, windowSeconds: 60 * 60 };
const FOR_EVERYBODY: Limit = { limit: 300, windowSeconds: 60 };

export type SignInAsk = {
  email: string;
  /** Where to go afterwards; anything that `safeNextPath` does not know leads to the account. */
  next?: string | undefined;
  /** From `clientAddress`. */
  client: string | null;
  /** Where an unknown address is welcome: it becomes a pending subscriber, and typing the code proves the mailbox. */
  newcomers?: { source: string };
};

/**
 * Returns what the asking browser has to keep in a cookie, for an address that nobody has too; null tells it to keep what
 * it has, because this mailbox was asked often enough. Throws INVALID for what is no address, TOO_MANY for a client that
 * asks too often.
 */
export async function requestSignIn(
  db: Database,
  input: SignInAsk,
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
      browserHash: hashToken(browserToken),
      linkHash: hashToken(linkToken),
      codeHash: hashCode(hashToken(browserToken), code),
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
      expiresInSeconds: SIGN_IN_MINUTES * 60,
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
  if (!author && (await isBlockedAddress(tx, email))) return null;
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

/** Removes requests that are too old to be used. For the worker's clean-up. */
export async function pruneSignInRequests(db: Database, options: { now: Date }): Promise<number> {
  const { count } = await db.signInRequest.deleteMany({ where: { expiresAt: { lt: options.now } } });
  return count;
}
