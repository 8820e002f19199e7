import type { Database } from "@/lib/db";
import { METRICS_CONTENT_TYPE, metricsText } from "@/lib/installation/metrics";
import { getVitals } from "@/lib/installation/vitals";
import { isSameSecret } from "@/lib/tokens";

/** Without a token set there is nothing here; whoever does not know it learns nothing. */
export async function answerMetrics(
  request: Request,
  { db, token }: { db: Database; token: string | undefined },
): Promise<Response> {
  const headers = { "Cache-Control": "no-store" };
  if (!token) return new Response("Not found", { status: 404, headers });
  const [, given = ""] = /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
  if (!isSameSecret(given, token)) {
    return new Response("Unauthorized", {
      status: 401,
      headers: { ...headers, "WWW-Authenticate": "Bearer" },
    });
  }
  const text = metricsText(await getVitals(db));
  return new Response(text, { headers: { ...headers, "Content-Type": METRICS_CONTENT_TYPE } });
}
