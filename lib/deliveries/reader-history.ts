/** Every issue that was mailed to one person, or was to be, the latest first. Reads only. */
import type { Database } from "@/lib/db";
import { type CameBack, listCameBack } from "./bounces/queries";
import { LEDGER_ROWS, type LedgerRow } from "./ledger-rows";

export type MailedIssue = Pick<
  LedgerRow,
  "state" | "variant" | "attempt" | "reply" | "at" | "nextAttemptAt" | "past"
> & {
  deliveryId: string;
  issue: { id: string; title: string; number: number | null };
  cameBack: CameBack | null;
};

export type MailedIssues = { issues: MailedIssue[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 20;

/** Pages count from 1; one past the end shows the last. Compacted ledgers answer like the others. */
export async function listMailedIssues(
  db: Database,
  subscriberId: string,
  request: { page?: number } = {},
): Promise<MailedIssues> {
  const [counted] = await db.$queryRaw<{ total: number }[]>`
    SELECT count(*)::int AS total FROM ${LEDGER_ROWS} r WHERE r."subscriberId" = ${subscriberId}`;
  const total = counted?.total ?? 0;
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  const rows = await db.$queryRaw<(LedgerRow & { title: string; number: number | null })[]>`
    SELECT r.*, i.title, i.number FROM ${LEDGER_ROWS} r JOIN "Issue" i ON i.id = r."issueId"
    WHERE r."subscriberId" = ${subscriberId}
    ORDER BY i."audienceFrozenAt" DESC NULLS LAST, r.id DESC
    LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
  const cameBack = await listCameBack(
    db,
    rows.map(({ id }) => id),
  );
  return {
    issues: rows.map(({ id, issueId, title, number, ...row }) => ({
      deliveryId: String(id),
      issue: { id: issueId, title, number },
      state: row.state,
      variant: row.variant,
      attempt: row.attempt,
      reply: row.reply,
      at: row.at,
      nextAttemptAt: row.nextAttemptAt,
      past: row.past,
      cameBack: cameBack.get(id) ?? null,
    })),
    total,
    page,
    pageCount,
  };
}
