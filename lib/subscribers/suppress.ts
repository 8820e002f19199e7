/**
 * Puts an address on the list of those that are never mailed again: it bounced for good, somebody complained, or the
 * author said so. May run twice; the first reason stays. Never removes anybody: the list outlives the person's row.
 */
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { keyedHash } from "@/lib/tokens";
import { skipOpenDeliveries } from "./unsubscribe";

export type SuppressionReason = "bounced" | "complained" | "author" | "imported";

/** `email` in its stored form. Returns true when the address was not suppressed before. */
export async function suppress(
  db: Database,
  input: { email: string; reason: SuppressionReason },
  options: { now: Date },
): Promise<boolean> {
  const { email, reason } = input;
  const emailHash = keyedHash("address", email);
  return db.$transaction(async (tx) => {
    await tx.suppression.deleteMany({ where: { emailHash, reason: "unsubscribed" } });
    const added = await tx.suppression.createMany({
      data: [{ emailHash, reason, createdAt: options.now }],
      skipDuplicates: true,
    });
    const subscriber = await tx.subscriber.findUnique({ where: { email }, select: { id: true } });
    if (subscriber) {
      await tx.subscriber.updateMany({
        where: { id: subscriber.id, status: { not: "SUPPRESSED" } },
        data: { status: "SUPPRESSED", suppressedAt: options.now, suppressedReason: reason },
      });
      await skipOpenDeliveries(tx, [subscriber.id], `suppressed: ${reason}`);
      log.info(
        { event: "subscribers.suppressed", subscriberId: subscriber.id, reason },
        "An address is closed.",
      );
    }
    return added.count === 1;
  });
}

/**
 * The author opens an address again: what bounced before counts no more. The person is then unsubscribed and may sign
 * up anew. False when it was open.
 */
export async function liftSuppression(
  db: Database,
  subscriberId: string,
  options: { now: Date },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const subscriber = await tx.subscriber.findUnique({ where: { id: subscriberId } });
    if (subscriber?.status !== "SUPPRESSED") return false;
    await tx.suppression.deleteMany({ where: { emailHash: keyedHash("address", subscriber.email) } });
    await tx.bounce.updateMany({
      where: { subscriberId, forgivenAt: null },
      data: { forgivenAt: options.now },
    });
    const { count } = await tx.subscriber.updateMany({
      where: { id: subscriberId, status: "SUPPRESSED" },
      data: {
        status: "UNSUBSCRIBED",
        unsubscribedAt: options.now,
        suppressedAt: null,
        suppressedReason: null,
      },
    });
    return count === 1;
  });
}
