/**
 * Takes an address that somebody left in a form and mails the one who owns it a link to confirm. Promises the caller the
 * same answer for every sound address, known or not. May run twice: the second time within ten minutes mails nothing.
 * Never confirms, never changes what a known person gets, and puts nothing that was typed into the mail.
 */
import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { enqueueNotice } from "@/lib/mail/notices";
import { type Limit, takeToken } from "@/lib/rate-limit";
import { keyedHash } from "@/lib/tokens";
import type { Subscriber } from "@/prisma/generated/client";
import { isRoleAddress, mailboxKey, parseAddress } from "./address";
import { confirmUrl } from "./confirm";

export type SignUp = {
  email: string;
  /** Where the form stood: a path of ours. Kept with the consent. */
  source: string;
  /** From `clientAddress`: null where it cannot be known. */
  client: string | null;
  /** A random value that the browser keeps in a cookie until the link is opened; null asks for no session. */
  browserToken?: string | null;
  /** A field that people never see; whatever fills it in is a machine. */
  trap?: string;
  /** When the form was drawn, where it was drawn for this visit alone. */
  startedAt?: Date | null;
};

/** The words that stood beside the button; changing them asks for a new name. */
export const CONSENT_VERSION = "form-1";

const PER_MAILBOX: Limit[] = [
  { limit: 1, windowSeconds: 10 * 60 },
  { limit: 3, windowSeconds: 24 * 60 * 60 },
];
const PER_CLIENT: Limit = { limit: 5, windowSeconds: 60 * 60 };
/** What one minute may ask of the mail server, whoever asks. */
const FOR_EVERYBODY: Limit = { limit: 100, windowSeconds: 60 };
const FASTEST_PERSON_MS = 1_500;

/**
 * Throws INVALID for what is no address that may subscribe, TOO_MANY when this client or everybody asked too often, and
 * CONFLICT for a form that came back faster than people type: a browser that fills it in by itself does that, too, so
 * whoever sent it is asked to press once more.
 */
export async function signUp(db: Database, input: SignUp, options: { now: Date }): Promise<void> {
  const { now } = options;
  const email = requireMailableAddress(input.email);
  if ((input.trap ?? "") !== "") {
    log.info({ event: "subscribers.sign-up-ignored", reason: "automatic" }, "A form filled itself in.");
    return;
  }
  if (isFasterThanPeople(input, now)) {
    throw new DomainError(
      "CONFLICT",
      "That came back faster than people type, so nothing was sent. If you are a person, press the button once more.",
    );
  }
  await requirePatience(db, input.client, now);
  if (!(await mailboxMayBeAsked(db, email, now))) return;
  await db.$transaction(async (tx) => {
    const subscriber = await rememberPending(tx, email, input.source, now);
    await enqueueAnswer(tx, subscriber, input.browserToken ?? null, now);
  });
}

function requireMailableAddress(typed: string): string {
  const address = parseAddress(typed);
  if (!address.ok) throw new DomainError("INVALID", address.problem, { fields: { email: address.problem } });
  if (!isRoleAddress(address.email)) return address.email;
  const problem = "This address belongs to a duty, not to a person. Please use your own.";
  throw new DomainError("INVALID", problem, { fields: { email: problem } });
}

function isFasterThanPeople(input: SignUp, now: Date): boolean {
  if (!input.startedAt) return false;
  const elapsed = now.getTime() - input.startedAt.getTime();
  return elapsed >= 0 && elapsed < FASTEST_PERSON_MS;
}

async function requirePatience(db: Database, client: string | null, now: Date): Promise<void> {
  const answers = [await takeToken(db, { ...FOR_EVERYBODY, key: "sign-up:everybody", now })];
  if (client !== null)
    answers.push(await takeToken(db, { ...PER_CLIENT, key: `sign-up:client:${client}`, now }));
  const refused = answers.find((answer) => !answer.allowed);
  if (!refused) return;
  throw new DomainError("TOO_MANY", "Too many sign-ups came from here. Please try again in a while.", {
    retryAfterSeconds: refused.retryAfterSeconds,
  });
}

/** Counts against every window, and never tells the person: the answer must not say whose mailbox was asked before. */
async function mailboxMayBeAsked(db: Database, email: string, now: Date): Promise<boolean> {
  const key = mailboxKey(email);
  for (const limit of PER_MAILBOX) {
    const answer = await takeToken(db, {
      ...limit,
      key: `sign-up:mailbox:${limit.windowSeconds}:${key}`,
      now,
    });
    if (!answer.allowed) return false;
  }
  return true;
}

/** Inserts where the address is new; a known row stays as it is, except that new consent is noted while it waits. */
async function rememberPending(
  tx: Transaction,
  email: string,
  source: string,
  now: Date,
): Promise<Subscriber> {
  const consent = { consent: CONSENT_VERSION, consentAt: now };
  await tx.subscriber.createMany({
    data: [{ email, status: "PENDING", source: source.slice(0, 200), ...consent, createdAt: now }],
    skipDuplicates: true,
  });
  await tx.subscriber.updateMany({
    where: { email, status: { in: ["PENDING", "UNSUBSCRIBED"] } },
    data: consent,
  });
  return tx.subscriber.findUniqueOrThrow({ where: { email } });
}

async function enqueueAnswer(
  tx: Transaction,
  subscriber: Subscriber,
  browserToken: string | null,
  now: Date,
): Promise<void> {
  const to = { subscriberId: subscriber.id, email: subscriber.email };
  if (subscriber.status === "CONFIRMED") {
    const day = now.toISOString().slice(0, 10);
    await enqueueNotice(tx, {
      kind: "already-subscribed",
      to,
      dedupeKey: `already-subscribed:${subscriber.id}:${day}`,
      data: {},
    });
    return;
  }
  if (subscriber.status === "SUPPRESSED" || (await isBlockedAddress(tx, subscriber.email))) return;
  await enqueueNotice(tx, {
    kind: "confirm",
    to,
    dedupeKey: `confirm:${subscriber.id}:${now.toISOString()}`,
    data: { confirmUrl: confirmUrl(subscriber.id, { publicUrl: getEnv().PUBLIC_URL, browserToken, now }) },
  });
}

/** An address on the list of those never to be mailed, unless it is there only because its owner left. */
export async function isBlockedAddress(tx: Transaction, email: string): Promise<boolean> {
  const row = await tx.suppression.findUnique({ where: { emailHash: keyedHash("address", email) } });
  return row !== null && row.reason !== "unsubscribed";
}
