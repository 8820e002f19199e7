/** The ledger as whoever reads it sees it: deliveries as they stand, and those that were compacted, as one. */
import { Prisma } from "@/prisma/generated/client";
import type { DeliveryState, MailVariant } from "@/prisma/generated/enums";

export type LedgerRow = {
  id: bigint;
  issueId: string;
  /** Null once that person was erased. */
  subscriberId: string | null;
  state: DeliveryState;
  variant: MailVariant | null;
  statusLineId: number | null;
  messageHash: bigint | null;
  attempt: number;
  smtpCode: number | null;
  enhancedCode: string | null;
  /** The mail server's last words, or why it was skipped. */
  reply: string | null;
  /** When the mail server took it. */
  sentAt: Date | null;
  /** The same, or when it was written down or settled. */
  at: Date;
  nextAttemptAt: Date;
  /** Compacted: of what was taken, the server's words are no longer known. */
  past: boolean;
};

/**
 * Stands where a table stands in FROM. Postgres carries conditions on `id`, `issueId` and `subscriberId` into both
 * halves, so each is answered by an index. One statement sees each delivery once, whatever is compacted meanwhile.
 */
export const LEDGER_ROWS = Prisma.sql`(
  SELECT d.id, d."issueId", d."subscriberId", d.state, d.variant, d."statusLineId", d."messageHash", d.attempt,
    d."smtpCode", d."enhancedCode", d.reply, d."sentAt", COALESCE(d."sentAt", d."createdAt") AS at,
    d."nextAttemptAt", FALSE AS past
  FROM "Delivery" d
  UNION ALL
  SELECT p.id, l."issueId", p."subscriberId", p.state, p.variant, p."statusLineId", p."messageHash", p.attempt::int,
    p."smtpCode"::int, p."enhancedCode", p.reply, CASE WHEN p.state = 'SENT' THEN p.at END, p.at, p.at, TRUE
  FROM "PastDelivery" p JOIN "PastLedger" l ON l.id = p."ledgerId"
)`;
