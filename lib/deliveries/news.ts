/**
 * Hears from the database when somebody may not be mailed any more or an issue is paused, so that a worker need not ask
 * before each message. The triggers of the migration `sending_news` tell it, whoever made the change.
 */
import { performance } from "node:perf_hooks";
import pg from "pg";
import { log } from "@/lib/log";

export type News = {
  /**
   * When the last news came, by this process's monotonic clock: what was seen before that has to be looked at again.
   * Null while nothing can be heard.
   */
  lastAtMs(): number | null;
};

export type OwnNews = News & { close(): Promise<void> };

/** For who has nobody to hear from, and so asks each time. */
export const NO_NEWS: News = { lastAtMs: () => null };

const AGAIN_AFTER_MS = 1_000;

/** A connection of its own, taken up again when it ends. The caller closes it. Never throws. */
export function hearNews(databaseUrl: string): OwnNews {
  let lastAtMs: number | null = null;
  let closed = false;
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const fresh = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
    client = fresh;
    fresh.on("notification", () => {
      lastAtMs = performance.now();
    });
    fresh.on("error", (error) => log.warn({ event: "deliveries.news-lost", error }));
    fresh.on("end", () => {
      lastAtMs = null;
      if (!closed) again = setTimeout(() => void listen(), AGAIN_AFTER_MS);
    });
    try {
      await fresh.connect();
      await fresh.query("LISTEN masthead_senders");
      lastAtMs = performance.now();
    } catch (error) {
      log.warn({ event: "deliveries.news-not-heard", error });
      await fresh.end().catch(() => undefined);
    }
  }

  void listen();
  return {
    lastAtMs: () => lastAtMs,
    async close() {
      closed = true;
      clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
