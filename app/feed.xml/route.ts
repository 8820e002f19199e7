import { cacheLife, cacheTag } from "next/cache";
import { connection } from "next/server";
import { drawFeed } from "@/app/_feed/draw-feed";
import { feedResponse } from "@/app/_feed/feed-response";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { readPublicFeed } from "@/lib/issues/read-feed";

/** The free part of the newest issues, the same for everybody. */
export async function GET(request: Request): Promise<Response> {
  await connection();
  return feedResponse(
    request,
    await publicFeed(),
    "public, max-age=60, s-maxage=60, stale-while-revalidate=240",
  );
}

async function publicFeed(): Promise<string> {
  "use cache";
  cacheLife({ stale: 60, revalidate: 60, expire: 300 });
  cacheTag("issues", "publication");
  const publicUrl = getEnv().PUBLIC_URL;
  const feed = await readPublicFeed(getDatabase(), { now: new Date() });
  return drawFeed(feed, { publicUrl, selfUrl: `${publicUrl}/feed.xml` });
}
