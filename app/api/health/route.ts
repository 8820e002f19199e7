import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { log } from "@/lib/log";

/** A worker that has not been seen for so long is taken for dead. */
const WORKER_SILENT_AFTER_SECONDS = 60;

/** For load balancers and the operator: 200 while readers can be served, with how long the worker has been silent. */
export async function GET(): Promise<Response> {
  await connection();
  const headers = { "Cache-Control": "no-store" };
  try {
    const worker = await workerState();
    return Response.json(
      { status: worker.state === "running" ? "ok" : "degraded", database: "ok", worker },
      { headers },
    );
  } catch (error) {
    log.error({ event: "health.database-failed", error }, "the database does not answer");
    return Response.json({ status: "failing", database: "unreachable" }, { status: 503, headers });
  }
}

async function workerState(): Promise<{
  state: "running" | "silent" | "never-seen";
  silentForSeconds: number | null;
}> {
  const newest = await getDatabase().workerHeartbeat.findFirst({ orderBy: { seenAt: "desc" } });
  if (!newest) return { state: "never-seen", silentForSeconds: null };
  const silentForSeconds = Math.max(0, Math.round((Date.now() - newest.seenAt.getTime()) / 1_000));
  return { state: silentForSeconds > WORKER_SILENT_AFTER_SECONDS ? "silent" : "running", silentForSeconds };
}
