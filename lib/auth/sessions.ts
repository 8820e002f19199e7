/**
 * Beginning, reading and ending sessions. Reading twice in one request is harmless; ending twice changes nothing. Never
 * takes a session's word for who somebody is today: the viewer reads the subscriber anew.
 */
import type { Database } from "@/lib/db";
import { type Auth, SESSION_DAYS, SESSION_MAX_DAYS } from "./better-auth";

const DAY_MS = 24 * 60 * 60 * 1_000;

export type ReaderSession = { id: string; subscriberId: string; createdAt: Date; expiresAt: Date };

/** Who the cookie in `headers` belongs to, or null. Inside Next a dead cookie is removed where that is possible. */
export async function readSession(
  auth: Auth,
  headers: Headers,
  options: { now: Date },
): Promise<ReaderSession | null> {
  const found = await auth.api.getSession({ headers });
  if (!found) return null;
  const { id, userId, createdAt, expiresAt } = found.session;
  if (expiresAt <= options.now) return null;
  if (createdAt.getTime() + SESSION_MAX_DAYS * DAY_MS <= options.now.getTime()) return null;
  return { id, subscriberId: userId, createdAt, expiresAt };
}

/** Moves the end of a session that is in use, at most once a day. */
export async function keepSessionAlive(
  db: Database,
  session: ReaderSession,
  options: { now: Date },
): Promise<void> {
  const wanted = options.now.getTime() + SESSION_DAYS * DAY_MS;
  if (wanted - session.expiresAt.getTime() < DAY_MS) return;
  await db.session.updateMany({
    where: { id: session.id, expiresAt: { lt: new Date(wanted) } },
    data: { expiresAt: new Date(wanted) },
  });
}

/**
 * A new session for somebody who has just proven their mailbox; the browser's earlier one ends. Returns the Set-Cookie
 * headers; inside Next they are set already. Null when that person is gone.
 */
export async function beginSession(
  auth: Auth,
  subscriberId: string,
  headers: Headers,
): Promise<string[] | null> {
  const { headers: answer, response } = await auth.api.beginSession({
    body: { subscriberId },
    headers,
    returnHeaders: true,
  });
  return response.begun ? answer.getSetCookie() : null;
}

/** Ends the session of the cookie in `headers` and removes the cookie. Returns the Set-Cookie headers. */
export async function endSession(auth: Auth, headers: Headers): Promise<string[]> {
  const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true });
  return answer.getSetCookie();
}

/** Ends every session of a person, on every device. Returns how many there were. */
export async function endAllSessions(db: Database, subscriberId: string): Promise<number> {
  const { count } = await db.session.deleteMany({ where: { subscriberId } });
  return count;
}

export type SessionInList = { id: string; userAgent: string; createdAt: Date; lastSeenAt: Date };

/** Where somebody is signed in, latest first. */
export async function listSessions(
  db: Database,
  subscriberId: string,
  options: { now: Date },
): Promise<SessionInList[]> {
  const rows = await db.session.findMany({
    where: { subscriberId, expiresAt: { gt: options.now } },
    orderBy: { createdAt: "desc" },
  });
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent ?? "",
    createdAt: row.createdAt,
    lastSeenAt: row.updatedAt,
  }));
}

/** Removes sessions that have ended by themselves. For the worker's clean-up. */
export async function pruneSessions(db: Database, options: { now: Date }): Promise<number> {
  const { count } = await db.session.deleteMany({ where: { expiresAt: { lt: options.now } } });
  return count;
}
