import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { METRICS_CONTENT_TYPE, metricsText } from "@/lib/installation/metrics";
import { getVitals } from "@/lib/installation/vitals";
import { isSameSecret } from "@/lib/tokens";

/** For Prometheus, which signs in with METRICS_TOKEN; without one set there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  await connection();
  const headers = { "Cache-Control": "no-store" };
  const token = getEnv().METRICS_TOKEN;
  if (!token) return new Response("Not found", { status: 404, headers });
  const [, given = ""] = /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "") ?? [];
  if (!isSameSecret(given, token)) {
    return new Response("Unauthorized", {
      status: 401,
      headers: { ...headers, "WWW-Authenticate": "Bearer" },
    });
  }
  const text = metricsText(await getVitals(getDatabase()));
  return new Response(text, { headers: { ...headers, "Content-Type": METRICS_CONTENT_TYPE } });
}
