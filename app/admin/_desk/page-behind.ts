import type { SendingProgress, StateCounts } from "@/lib/deliveries/progress";

/** What the page says of these is more than their number: reasons, questions, buttons. */
const TROUBLE = ["DEFERRED", "UNCERTAIN", "FAILED", "SKIPPED"] as const satisfies (keyof StateCounts)[];
const TROUBLE_AFTER_MS = 4_000;
/** Drawing the page counts and groups a whole ledger, which the sending itself needs the database for. */
const REST_AFTER_MS = 20_000;

/** Whether a page that was drawn `sinceMs` ago, when a sending stood at `drawn`, is to be drawn anew. */
export function pageIsBehind(drawn: SendingProgress, now: SendingProgress, sinceMs: number): boolean {
  if (drawn.stage !== now.stage) return true;
  if (drawn.stage === "not-started" || now.stage === "not-started") return false;
  const { counts: before } = drawn;
  const { counts: after } = now;
  if (sinceMs >= TROUBLE_AFTER_MS && TROUBLE.some((state) => before[state] !== after[state])) return true;
  return sinceMs >= REST_AFTER_MS && (before.SENT !== after.SENT || drawn.audience !== now.audience);
}
