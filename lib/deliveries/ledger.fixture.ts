/** Rows of an issue in a worker's hand, for tests of the ledger. */
import type { Database } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import { type Claim, claimDeliveries } from "./claim";
import { ledgerOf } from "./ledger";
import type { Settlement } from "./outcome";
import { settleDeliveries } from "./settle";

/** Whoever may not be mailed any more is settled as such. */
export async function claim(
  db: Database,
  issueId: string,
  limit = 100,
  claimedBy = "worker-1",
): Promise<Claim[]> {
  const publication = await getPublication(db);
  const { claims, skips } = await claimDeliveries(
    ledgerOf(db),
    { issueId, claimedBy, limit },
    { publication },
  );
  await settleDeliveries(ledgerOf(db), skips);
  return claims;
}

export function settle(
  db: Database,
  { id, attempt }: Pick<Claim, "id" | "attempt">,
  settlement: Settlement,
): Promise<Set<bigint>> {
  return settleDeliveries(ledgerOf(db), [{ id, attempt, settlement }]);
}

export const SENT = { state: "SENT", reply: "250 queued" } as const;
export const AGAIN = { state: "QUEUED", reply: null, waitSeconds: 0 } as const;
