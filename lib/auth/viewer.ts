/**
 * Who makes this request, for pages, actions and route handlers. Each of them asks here itself; a layout or the proxy
 * decides nothing. Reading makes a response private: never call it from what is cached.
 */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { cache } from "react";
import { type Database, getDatabase } from "@/lib/db";
import { STRANGER, type Viewer } from "@/lib/memberships/access";
import { hasUsedTrial } from "@/lib/subscribers/used-trial";
import { isAuthorAddress } from "./authors";
import { type Auth, getAuth } from "./better-auth";
import { keepSessionAlive, type ReaderSession, readSession } from "./sessions";

/** After this many days an author proves the mailbox again. */
const AUTHOR_SESSION_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

export type Reader = Extract<Viewer, { kind: "reader" }>;
type Known = { viewer: Viewer; session: ReaderSession | null };

/** The viewer behind a request's headers, with the session. Takes its services, for tests and for use outside Next. */
export async function identify(
  requestHeaders: Headers,
  services: { db: Database; auth: Auth; now: Date },
): Promise<Known> {
  const { db, auth, now } = services;
  const session = await readSession(auth, requestHeaders, { now });
  if (!session) return { viewer: STRANGER, session: null };
  const subscriber = await db.subscriber.findUnique({
    where: { id: session.subscriberId },
    include: { membership: true },
  });
  if (!subscriber) return { viewer: STRANGER, session: null };
  await keepSessionAlive(db, session, { now });
  const viewer: Viewer = {
    kind: "reader",
    subscriberId: subscriber.id,
    email: subscriber.email,
    isConfirmed: subscriber.status === "CONFIRMED",
    isAuthor: await isAuthorAddress(db, subscriber.email),
    membership: subscriber.membership,
    trialUsed: await hasUsedTrial(db, subscriber),
  };
  return { viewer, session };
}

const known = cache(async (): Promise<Known> => {
  // Nothing of this may be drawn ahead of the request that asks.
  await connection();
  return identify(await headers(), { db: getDatabase(), auth: getAuth(), now: new Date() });
});

/** Whoever makes this request; asked once a request, however many components ask. */
export async function getViewer(): Promise<Viewer> {
  return (await known()).viewer;
}

/** The reader, or the way to the sign-in page and back to `next`. */
export async function requireReader(next = "/account"): Promise<Reader> {
  const { viewer } = await known();
  return viewer.kind === "reader" ? viewer : redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}

/** True for a session young enough for the desk. Pure. */
export function isFreshForDesk(session: Pick<ReaderSession, "createdAt">, now: Date): boolean {
  return now.getTime() - session.createdAt.getTime() < AUTHOR_SESSION_DAYS * DAY_MS;
}

/** The author in a session young enough for the desk, or null. For handlers that answer in words, not with a page. */
export async function getAuthor(): Promise<Reader | null> {
  const { viewer, session } = await known();
  if (viewer.kind !== "reader" || !viewer.isAuthor || !session) return null;
  return isFreshForDesk(session, new Date()) ? viewer : null;
}

/**
 * The author, or the way to the sign-in page: for strangers, for readers who do not write here, and for authors whose
 * session is older than a week. In every page and action of the desk.
 */
export async function requireAuthor(next = "/admin"): Promise<Reader> {
  return (await getAuthor()) ?? redirect(`/sign-in?next=${encodeURIComponent(next)}`);
}
