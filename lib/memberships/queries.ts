import type { Database, Transaction } from "@/lib/db";
import type { Membership } from "@/prisma/generated/client";

/** The membership row of a subscriber, or null for somebody who never had one. */
export async function getMembership(
  db: Database | Transaction,
  subscriberId: string,
): Promise<Membership | null> {
  return db.membership.findUnique({ where: { subscriberId } });
}
