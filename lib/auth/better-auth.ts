import { createAuthEndpoint } from "@better-auth/core/api";
import { prismaAdapter } from "@better-auth/prisma-adapter";
import { setSessionCookie } from "better-auth/cookies";
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal";
import { nextCookies } from "better-auth/next-js";
import { z } from "zod";
import { type Database, getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { log, maskPersonalText } from "@/lib/log";
import { hashSessionTokens } from "./hashed-session-tokens";
import { isHttps, sessionCookieName } from "./session-cookie";

/**
 * Sessions by better-auth, with the subscriber as its user: signed cookie, rotation, expiry. Its own routes are not
 * mounted: `sessions.ts` calls what it needs, and `sign-in.ts` decides who has proven a mailbox.
 */

export const SESSION_DAYS = 90;
/** The cookie outlives the sliding session, whose end the database knows. */
export const SESSION_MAX_DAYS = 365;
const DAY = 24 * 60 * 60;

/** One more endpoint, which only our own code can call: somebody has proven the mailbox, so the session may begin. */
const beginSession = {
  id: "masthead",
  endpoints: {
    beginSession: createAuthEndpoint(
      { method: "POST", body: z.object({ subscriberId: z.string() }), requireHeaders: true },
      async (context) => {
        const { internalAdapter, authCookies, secret } = context.context;
        const user = await internalAdapter.findUserById(context.body.subscriberId);
        if (!user) return context.json({ begun: false });
        const earlier = await context.getSignedCookie(authCookies.sessionToken.name, secret);
        if (earlier) await internalAdapter.deleteSession(earlier);
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(context, { session, user }, false, { maxAge: SESSION_MAX_DAYS * DAY });
        return context.json({ begun: true });
      },
    ),
  },
};

export function createAuth(db: Database, options: { publicUrl: string; secret: string }) {
  const adapterOf = prismaAdapter(db, { provider: "postgresql" });
  return betterAuth({
    baseURL: options.publicUrl,
    secret: options.secret,
    database: (authOptions: BetterAuthOptions) => hashSessionTokens(adapterOf(authOptions)),
    user: { modelName: "subscriber" },
    session: {
      fields: { userId: "subscriberId" },
      expiresIn: SESSION_DAYS * DAY,
      disableSessionRefresh: true,
    },
    account: { fields: { userId: "subscriberId" } },
    advanced: {
      // The prefix `__Host-` comes with the name; the library's own switch would add `__Secure-` before it.
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: sessionCookieName(options.publicUrl),
          attributes: { secure: isHttps(options.publicUrl), sameSite: "lax", httpOnly: true, path: "/" },
        },
      },
      ipAddress: { disableIpTracking: true },
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      log: (level, message) => {
        const write = level === "error" ? log.error.bind(log) : log.debug.bind(log);
        write({ event: "auth.library", message: maskPersonalText(message) }, "better-auth speaks.");
      },
    },
    plugins: [beginSession, nextCookies()],
  });
}

export type Auth = ReturnType<typeof createAuth>;

const shared = globalThis as typeof globalThis & { mastheadAuth?: Auth };

/** The process's one instance; kept across reloads in development. */
export function getAuth(): Auth {
  const { PUBLIC_URL, AUTH_SECRET } = getEnv();
  shared.mastheadAuth ??= createAuth(getDatabase(), { publicUrl: PUBLIC_URL, secret: AUTH_SECRET });
  return shared.mastheadAuth;
}
