/** What moved members brought along: prices that this publication sells no more, and facts that they were told of. */
import type { Database } from "@/lib/db";

export async function listKeptPrices(db: Database): Promise<Set<string>> {
  return new Set((await db.keptPrice.findMany({ select: { id: true } })).map(({ id }) => id));
}

/** Keys of notices that tell what happened before this person moved in. */
export async function listToldElsewhere(db: Database, subscriberId: string): Promise<Set<string>> {
  const row = await db.moveIn.findUnique({ where: { subscriberId }, select: { told: true } });
  return new Set(row?.told);
}
