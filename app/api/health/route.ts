import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { workerState } from "@/lib/installation/health/judge";
import { getVitals } from "@/lib/installation/vitals";
import { log } from "@/lib/log";

/** For load balancers and the operator: 200 while readers can be served, with how long the worker has been silent. */
export async function GET(): Promise<Response> {
  await connection();
  const headers = { "Cache-Control": "no-store" };
  try {
    const worker = workerState(await getVitals(getDatabase()));
    return Response.json(
      { status: worker.state === "running" ? "ok" : "degraded", database: "ok", worker },
      { headers },
    );
  } catch (error) {
    log.error({ event: "health.database-failed", error }, "the database does not answer");
    return Response.json({ status: "failing", database: "unreachable" }, { status: 503, headers });
  }
}
