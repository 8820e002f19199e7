/**
 * Gives a person's own feed an address, or a new one, which makes the old one dead. Says nothing about what the feed
 * holds: that is asked anew for each reading.
 */
import type { Database, Transaction } from "@/lib/db";
import { randomToken } from "@/lib/tokens";

export async function renewFeedToken(db: Database | Transaction, subscriberId: string): Promise<void> {
  await db.subscriber.updateMany({ where: { id: subscriberId }, data: { feedToken: randomToken() } });
}
