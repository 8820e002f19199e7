import type { Transaction } from "@/lib/db";

/** More than any installation mails between a backup and its return. */
const SKIPPED = 1_000_000_000;

/**
 * Where the ledger may be behind what was mailed (a backup was put back, an archive moved in), ids of deliveries that it
 * does not know may have been given. They stand in return paths, so a late report would be taken for one of whoever gets
 * the same id: none of them is given again.
 */
export async function skipGivenIds(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    SELECT setval(pg_get_serial_sequence('"Delivery"', 'id'), ${SKIPPED} + GREATEST(
      (SELECT last_value FROM "Delivery_id_seq"), (SELECT max(id) FROM "Delivery"), (SELECT max(id) FROM "PastDelivery")))`;
}
