/**
 * Keeps a listener for mail that comes back open until told to stop. Of several workers on one machine one has the
 * port; the others ask for it again, so that mail is taken when that one ends.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/lib/db";
import { type ListenOptions, listenForReports, type ReportListener } from "@/lib/deliveries/bounces/listen";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";

const AGAIN_MS = 10_000;

/** Null where this installation takes none. */
export function reportAddress(
  env: Pick<Env, "BOUNCE_PORT" | "BOUNCE_HOST" | "BOUNCE_PROTOCOL" | "BOUNCE_DOMAIN">,
): ListenOptions | null {
  const { BOUNCE_PORT: port, BOUNCE_HOST: host, BOUNCE_PROTOCOL: protocol, BOUNCE_DOMAIN } = env;
  return port && BOUNCE_DOMAIN ? { port, host, protocol, bounceDomain: BOUNCE_DOMAIN } : null;
}

export async function takeReports(
  db: Database,
  address: ListenOptions | null,
  { signal, againMs = AGAIN_MS }: { signal: AbortSignal; againMs?: number },
): Promise<void> {
  if (!address) return;
  let listener: ReportListener | null = null;
  while (!signal.aborted && !listener) {
    try {
      listener = await listenForReports(db, address);
      log.info({ event: "worker.takes-reports", port: listener.port });
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      log[taken ? "debug" : "error"]({ event: "worker.reports-not-taken", error });
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
  if (!listener) return;
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await listener.close();
}
