/**
 * Why a worker cannot hand anything to the mail server, kept beside its sign of life for who looks at the desk: a server
 * that is looked at before the first message leaves no answer on any delivery. May be told again and again; the last word
 * counts. Never throws where it cannot be kept: sending does not wait for it.
 */
import { performance } from "node:perf_hooks";
import type { Database } from "@/lib/db";
import { log, maskPersonalText } from "@/lib/log";
import { DATABASE_NOW, databaseNowPlus, WORKER_SILENT_AFTER_SECONDS } from "./clock";

export type MailTrouble = {
  /** `words` are what the server said, or why it could not be reached. */
  found(words: string): Promise<void>;
  /** The server takes us. Asks the database only where trouble was told before. */
  over(): Promise<void>;
};

/** The desk need not know of each connection that fails anew. */
const TOLD_ANEW_MS = 5_000;

/** Of one worker, by its incarnation; any number of connections may tell of it. */
export function createMailTrouble(db: Database, worker: string): MailTrouble {
  let isTold = false;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let isEnding = false;

  async function keep(words: string | null): Promise<void> {
    try {
      // The first look may come before the first sign of life.
      await db.$executeRaw`
        INSERT INTO "WorkerHeartbeat" (id, "startedAt", "seenAt", "mailTrouble", "mailTroubleAt")
        VALUES (${worker}, ${DATABASE_NOW}, ${DATABASE_NOW}, ${words}, CASE WHEN ${words !== null} THEN ${DATABASE_NOW} END)
        ON CONFLICT (id) DO UPDATE
          SET "mailTrouble" = EXCLUDED."mailTrouble", "mailTroubleAt" = EXCLUDED."mailTroubleAt"`;
      isTold = words !== null;
    } catch (error) {
      log.warn({ event: "deliveries.trouble-not-kept", error }, "the desk does not hear of it yet");
    }
  }

  return {
    async found(words) {
      if (isTold && performance.now() - toldAtMs < TOLD_ANEW_MS) return;
      // It may be kept though the answer is lost.
      isTold = true;
      toldAtMs = performance.now();
      await keep(maskPersonalText(words).slice(0, 300));
    },
    async over() {
      if (!isTold || isEnding) return;
      isEnding = true;
      await keep(null);
      isEnding = false;
    },
  };
}

/** Null while there is a living worker without such trouble, through which mail goes out. */
export async function findMailTrouble(db: Database): Promise<string | null> {
  const [trouble] = await db.$queryRaw<{ words: string }[]>`
    WITH living AS (
      SELECT "mailTrouble", "mailTroubleAt" FROM "WorkerHeartbeat"
      WHERE "seenAt" >= ${databaseNowPlus(-WORKER_SILENT_AFTER_SECONDS)}
    )
    SELECT "mailTrouble" AS words FROM living
    WHERE NOT EXISTS (SELECT 1 FROM living WHERE "mailTrouble" IS NULL)
    ORDER BY "mailTroubleAt" DESC LIMIT 1`;
  return trouble?.words ?? null;
}
