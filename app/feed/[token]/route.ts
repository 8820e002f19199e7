import { drawFeed } from "@/app/_feed/draw-feed";
import { feedResponse } from "@/app/_feed/feed-response";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { readMembersFeed } from "@/lib/issues/read-feed";

const ADDRESS = /^([A-Za-z0-9_-]{16,128})\.xml$/;
const PRIVATE = "private, no-store";

/** One member's own feed, `/feed/<token>.xml`: as much of each issue as that person may read now. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const token = ADDRESS.exec((await params).token)?.[1];
  const feed = token && (await readMembersFeed(getDatabase(), { token, now: new Date() }));
  if (!feed)
    return new Response("There is no such feed. Your account page shows the address that works.\n", {
      status: 404,
      headers: { "Cache-Control": PRIVATE, "Content-Type": "text/plain; charset=utf-8" },
    });
  const publicUrl = getEnv().PUBLIC_URL;
  const xml = await drawFeed(feed, { publicUrl, selfUrl: `${publicUrl}/feed/${token}.xml` });
  return feedResponse(request, xml, PRIVATE);
}
