import { createHash } from "node:crypto";

/** A feed with a validator, so that a reader that polls every hour mostly gets an empty 304. */
export function feedResponse(request: Request, xml: string, cacheControl: string): Response {
  const etag = `"${createHash("sha256").update(xml).digest("base64url").slice(0, 27)}"`;
  const headers = { "Cache-Control": cacheControl, ETag: etag };
  const known = request.headers.get("if-none-match")?.split(",") ?? [];
  if (known.some((one) => one.trim().replace(/^W\//, "") === etag))
    return new Response(null, { status: 304, headers });
  return new Response(xml, { headers: { ...headers, "Content-Type": "application/rss+xml; charset=utf-8" } });
}
