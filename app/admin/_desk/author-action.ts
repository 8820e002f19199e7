import { headers } from "next/headers";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor, type Reader, requireAuthor } from "@/lib/auth/viewer";
import { getEnv } from "@/lib/env";

/** What a page that holds typed words says of a session that ended. */
export const SIGNED_OUT =
  "You are signed out. Sign in again in another tab, then try once more: nothing here is lost.";

/** For actions of such pages: they answer in words, where others would lead away to the sign-in. */
export async function isAuthorAsking(): Promise<boolean> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return (await getAuthor()) !== null;
}

/** First line of every other action of the desk: from our own page, by an author, or not at all. */
export async function authorActs(): Promise<Reader> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return requireAuthor();
}
