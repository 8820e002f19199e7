import { headers } from "next/headers";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor, type Reader, requireAuthor } from "@/lib/auth/viewer";
import { getEnv } from "@/lib/env";
import { pageOfForm } from "./page-of-form";

export { SIGNED_OUT } from "@/app/_components/problem-words";

/** For actions of such pages: they answer in words, where others would lead away to the sign-in. */
export async function isAuthorAsking(): Promise<boolean> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return (await getAuthor()) !== null;
}

/** First line of every other action of the desk: from our own page, by an author, or not at all. */
export async function authorActs(): Promise<Reader> {
  const [asked, { PUBLIC_URL }] = [await headers(), getEnv()];
  requireSameOrigin(asked, PUBLIC_URL);
  return requireAuthor(pageOfForm(asked.get("referer"), PUBLIC_URL));
}
