/**
 * Removes a person: the row, sessions, notices, membership. May run twice. Never leaves a Stripe subscription running
 * for somebody we no longer know, and never forgets that an address asked not to be mailed or had its trial: a keyed hash
 * of it stays.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { keyedHash } from "@/lib/tokens";
import { skipOpenDeliveries } from "./unsubscribe";
import { rememberTrial } from "./used-trial";

export type EraseServices = {
  now: Date;
  /** Cancels at Stripe at once; called only where a Stripe subscription may still charge. Its failure stops the erasing. */
  cancelMembership: (subscriberId: string) => Promise<void>;
  isAuthor: (email: string) => Promise<boolean>;
};

const ENDED = new Set(["CANCELED", "INCOMPLETE_EXPIRED"]);

/** False when there was nobody to erase. Throws CONFLICT for the author's own row. */
export async function eraseSubscriber(
  db: Database,
  subscriberId: string,
  services: EraseServices,
): Promise<boolean> {
  const subscriber = await db.subscriber.findUnique({
    where: { id: subscriberId },
    include: { membership: true },
  });
  if (!subscriber) return false;
  if (await services.isAuthor(subscriber.email)) {
    throw new DomainError(
      "CONFLICT",
      "An author of this publication cannot be erased. Remove the author first.",
    );
  }
  const { membership } = subscriber;
  if (membership?.stripeSubscriptionId && !ENDED.has(membership.status)) {
    await services.cancelMembership(subscriberId);
  }
  const emailHash = keyedHash("address", subscriber.email);
  await db.$transaction(async (tx) => {
    const current = await tx.subscriber.findUnique({ where: { id: subscriberId } });
    if (!current) return;
    await skipOpenDeliveries(tx, [subscriberId], "erased");
    await tx.signInRequest.deleteMany({ where: { subscriberId } });
    if (current.status === "UNSUBSCRIBED" || current.status === "SUPPRESSED") {
      const reason =
        current.status === "SUPPRESSED" ? (current.suppressedReason ?? "author") : "unsubscribed";
      await tx.suppression.createMany({
        data: [{ emailHash, reason, createdAt: services.now }],
        skipDuplicates: true,
      });
    }
    await forgetInGifts(tx, current);
    if (current.stripeCustomerId)
      await tx.stripeEvent.updateMany({
        where: { customerId: current.stripeCustomerId },
        data: { customerId: null },
      });
    if (current.trialUsedAt) await rememberTrial(tx, current.email, current.trialUsedAt);
    await tx.subscriber.delete({ where: { id: subscriberId } });
  });
  log.info({ event: "subscribers.erased", subscriberId }, "A person was erased.");
  return true;
}

/** What others bought for this address stays worth what it is; the address and the words that came with it go. */
async function forgetInGifts(tx: Transaction, { id, email }: { id: string; email: string }): Promise<void> {
  await tx.gift.updateMany({
    where: { OR: [{ buyerId: id }, { buyerEmail: email }] },
    data: { buyerEmail: null },
  });
  await tx.gift.updateMany({
    where: { receiverEmail: email },
    data: { receiverEmail: null, receiverName: "", message: "" },
  });
  await tx.notice.deleteMany({ where: { subscriberId: null, email } });
}
