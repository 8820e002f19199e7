/**
 * Puts addresses on the list of those that are never mailed again: one bounced for good, somebody complained, or the
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
  { email, reason }: { email: string; reason: SuppressionReason },
  options: { now: Date },
): Promise<boolean> {
  return (await suppressAll(db, { emails: [email], reason }, options)) === 1;
}

/** In their stored form, all in one transaction. Returns how many were not suppressed before. */
export async function suppressAll(
  db: Database,
  { emails, reason }: { emails: readonly string[]; reason: SuppressionReason },
  options: { now: Date },
): Promise<number> {
  // In one order, so that two who close the same addresses never wait for each other.
  const hashes = emails.map((email) => keyedHash("address", email)).sort();
  return db.$transaction(async (tx) => {
    await tx.suppression.deleteMany({ where: { emailHash: { in: hashes }, reason: "unsubscribed" } });
    const added = await tx.$executeRaw`
      INSERT INTO "Suppression" ("emailHash", reason, "createdAt")
      SELECT hash, ${reason}, ${options.now}::timestamp FROM unnest(${hashes}::text[]) AS hash ON CONFLICT DO NOTHING`;
    const subscribers = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM "Subscriber" WHERE email = ANY(${emails}) ORDER BY id FOR UPDATE`;
    const ids = subscribers.map(({ id }) => id);
    if (ids.length === 0) return added;
    await tx.subscriber.updateMany({
      where: { id: { in: ids }, status: { not: "SUPPRESSED" } },
      data: { status: "SUPPRESSED", suppressedAt: options.now, suppressedReason: reason },
    });
    await skipOpenDeliveries(tx, ids, `suppressed: ${reason}`);
    for (const subscriberId of ids) {
      log.info({ event: "subscribers.suppressed", subscriberId, reason }, "An address is closed.");
    }
    return added;
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
