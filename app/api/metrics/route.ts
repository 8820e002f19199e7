import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { answerMetrics } from "./answer-metrics";

/** For Prometheus, which signs in with METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  await connection();
  return answerMetrics(request, { db: getDatabase(), token: getEnv().METRICS_TOKEN });
}
