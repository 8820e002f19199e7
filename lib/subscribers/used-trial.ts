/**
 * One trial a person, also for somebody who was erased and signs up again: what stays of them is a keyed hash of the
 * address, which says nothing to whoever reads the table.
 */
import type { Database, Transaction } from "@/lib/db";
import { keyedHash } from "@/lib/tokens";

/** For the moment before a row goes. May run twice; the first time stays. */
export async function rememberTrial(tx: Database | Transaction, email: string, usedAt: Date): Promise<void> {
  const emailHash = keyedHash("trial", email);
  await tx.usedTrial.createMany({ data: [{ emailHash, usedAt }], skipDuplicates: true });
}

/** Whether this person had a trial, in this row's life or before it. Reads only. */
export async function hasUsedTrial(
  db: Database | Transaction,
  subscriber: { email: string; trialUsedAt: Date | null },
): Promise<boolean> {
  if (subscriber.trialUsedAt !== null) return true;
  const emailHash = keyedHash("trial", subscriber.email);
  return (await db.usedTrial.findUnique({ where: { emailHash } })) !== null;
}
