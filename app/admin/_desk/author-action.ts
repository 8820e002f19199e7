import { headers } from "next/headers";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { type Reader, requireAuthor } from "@/lib/auth/viewer";
import { getEnv } from "@/lib/env";

/** First line of every action of the desk: from our own page, by an author, or not at all. */
export async function authorActs(): Promise<Reader> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return requireAuthor();
}
