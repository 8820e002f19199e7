import { cacheLife, cacheTag } from "next/cache";
import { getDatabase } from "@/lib/db";
import { listPublished } from "@/lib/issues/queries";
import { readIssue } from "@/lib/issues/read-issue";
import { STRANGER } from "@/lib/memberships/access";
import { getPublication, getPublicationFacts } from "@/lib/publication/queries";

/**
 * What everybody may see, loaded once and kept: each entry is what a stranger gets, takes nothing from the request,
 * and is renewed when its tag is announced or after a minute. `expire` is the least that a static page allows.
 */
const A_MINUTE = { stale: 60, revalidate: 60, expire: 300 } as const;

/** The parameter that the build draws, when there is no database yet. It is no address of anything. */
export const PLACEHOLDER = "_";

export async function loadPublication() {
  "use cache";
  cacheLife(A_MINUTE);
  cacheTag("publication");
  return getPublication(getDatabase());
}

export async function loadPublicationFacts() {
  "use cache";
  cacheLife(A_MINUTE);
  cacheTag("publication");
  return getPublicationFacts(getDatabase());
}

export async function loadIssueList(page: number, pageSize?: number) {
  "use cache";
  cacheLife(A_MINUTE);
  cacheTag("issues", "publication");
  return listPublished(getDatabase(), { now: new Date(), page, ...(pageSize && { pageSize }) });
}

export async function loadStrangersIssue(slug: string) {
  "use cache";
  cacheLife(A_MINUTE);
  cacheTag("issues", "publication", `issue:${slug}`);
  return readIssue(getDatabase(), { slug, viewer: STRANGER, now: new Date() });
}
