import type { Metadata } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import { ArchivePage } from "@/app/(site)/_archive/archive-page";
import { pageNumber } from "@/app/(site)/_archive/page-number";
import { loadPublication } from "@/app/(site)/public-data";
import { visitorOf } from "@/app/(site)/visitor";
import { clientAddress } from "@/lib/auth/client-address";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { listPublished } from "@/lib/issues/queries";
import { takeToken } from "@/lib/rate-limit";

/** The archive for readers who are signed in, and every search. */
export const instant = false;

export const metadata: Metadata = { title: "Archive", robots: { index: false } };

const SEARCHES_A_MINUTE = { eachClient: 30, allTogether: 600 };

export default async function ReadersArchive({ searchParams }: PageProps<"/archive">) {
  await connection();
  const query = await searchParams;
  const search = typeof query.q === "string" ? query.q.trim().slice(0, 200) : "";
  const [publication, viewer, limit] = await Promise.all([
    loadPublication(),
    getViewer(),
    search === "" ? null : countSearch(),
  ]);
  const visitor = visitorOf(viewer);
  if (limit && !limit.allowed)
    return (
      <ArchivePage
        publication={publication}
        visitor={visitor}
        found={null}
        search={search}
        retryAfterSeconds={limit.retryAfterSeconds}
      />
    );
  const page = pageNumber(query.page);
  const found = await listPublished(getDatabase(), { now: new Date(), page, search });
  return <ArchivePage publication={publication} visitor={visitor} found={found} search={search} />;
}

async function countSearch() {
  const { TRUSTED_PROXIES } = getEnv();
  const client = clientAddress(await headers(), { trustedProxies: TRUSTED_PROXIES });
  return takeToken(getDatabase(), {
    key: `search:${client ?? "all"}`,
    limit: client === null ? SEARCHES_A_MINUTE.allTogether : SEARCHES_A_MINUTE.eachClient,
    windowSeconds: 60,
    now: new Date(),
  });
}
