/** Of mail that the mail server refused for good while sending. Never throws: the ledger or outbox holds the answer. */
import { type Database, databaseNow } from "@/lib/db";
import { log } from "@/lib/log";
import type { Returned } from "@/lib/mail/return-path";
import { createGatherer } from "../gather";
import type { Refused } from "./classify";
import { recordBounces } from "./record-bounce";

export type Refusal = Returned & Refused;

/** Without `now` the moment is the database's. */
export async function recordRefusals(
  db: Database,
  refusals: readonly Refusal[],
  options: { now?: Date } = {},
): Promise<void> {
  const reports = refusals.map((refusal) => {
    const { code, status, words } = refusal;
    const about = "noticeId" in refusal ? { noticeId: refusal.noticeId } : { deliveryId: refusal.deliveryId };
    return { about, source: "smtp", complaint: false, code, status, words } as const;
  });
  try {
    await recordBounces(db, reports, { now: options.now ?? (await databaseNow(db)) });
  } catch (error) {
    if (refusals.length === 1) {
      const about = refusals.map((refusal) =>
        String("noticeId" in refusal ? refusal.noticeId : refusal.deliveryId),
      );
      log.error({ event: "deliveries.bounce-not-kept", about, error });
      return;
    }
    // What is wrong with one of them is no reason to lose the others.
    for (const refusal of refusals) await recordRefusals(db, [refusal], options);
  }
}

/**
 * A list of readers that was bought refuses a hundred times a second, and each report alone costs as much as ten messages:
 * for this long they wait for one another.
 */
const GATHER = { enough: 200, waitMs: 1_000 };

/** For who meets many: resolves when its refusal was kept, or could not be. */
export function createRefusalKeeper(db: Database): (refusal: Refusal) => Promise<void> {
  return createGatherer(async (refusals: readonly Refusal[]) => {
    await recordRefusals(db, refusals);
    return refusals.map(() => undefined);
  }, GATHER);
}
