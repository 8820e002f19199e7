/** How somebody wants to be called. May run twice. The name is shown to the author alone and never mailed unconfirmed. */
import type { Database } from "@/lib/db";
import { cleanName } from "./csv-columns";

export async function rename(db: Database, subscriberId: string, typed: string): Promise<void> {
  await db.subscriber.updateMany({ where: { id: subscriberId }, data: { name: cleanName(typed) } });
}
