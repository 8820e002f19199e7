/** Every issue that was mailed to one person, or was to be, the latest first. Reads only. */
import type { Database } from "@/lib/db";
import { type CameBack, listCameBack } from "./bounces/queries";
import { listCutIssues, variantHeld } from "./free-part";
import { LEDGER_ROWS, type LedgerRow } from "./ledger-rows";

export type MailedIssue = Pick<LedgerRow, "state" | "attempt" | "reply" | "nextAttemptAt" | "past"> & {
  deliveryId: string;
  issue: { id: string; title: string; number: number | null };
  /** Of the last answer; null where there is none, or its moment is not kept. */
  at: Date | null;
  /** What this reader's copy held. */
  held: LedgerRow["variant"];
  /** Nothing of its issue goes out at present. */
  paused: boolean;
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
  const rows = await db.$queryRaw<(LedgerRow & { title: string; number: number | null; paused: boolean })[]>`
    SELECT r.*, i.title, i.number, i."sendingPausedAt" IS NOT NULL AS paused FROM ${LEDGER_ROWS} r JOIN "Issue" i ON i.id = r."issueId"
    WHERE r."subscriberId" = ${subscriberId}
    ORDER BY i."audienceFrozenAt" DESC NULLS LAST, r.id DESC
    LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
  const [cameBack, cut] = await Promise.all([
    listCameBack(
      db,
      rows.map(({ id }) => id),
    ),
    listCutIssues(
      db,
      rows.map(({ issueId }) => issueId),
    ),
  ]);
  return {
    issues: rows.map(({ id, issueId, title, number, ...row }) => ({
      deliveryId: String(id),
      issue: { id: issueId, title, number },
      state: row.state,
      held: variantHeld(row.variant, cut.has(issueId)),
      attempt: row.attempt,
      reply: row.reply,
      at: answeredAt(row),
      nextAttemptAt: row.nextAttemptAt,
      paused: row.paused,
      past: row.past,
      cameBack: cameBack.get(id) ?? null,
    })),
    total,
    page,
    pageCount,
  };
}

const SKIPPED_AT = /\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/**
 * Settling sets the next attempt to its own moment, plus what the server asked to wait. Whoever is skipped while they
 * wait keeps the next attempt that they had; why they were says when, where they left by themselves.
 */
export function answeredAt(
  row: Pick<LedgerRow, "state" | "reply" | "sentAt" | "at" | "nextAttemptAt" | "past">,
): Date | null {
  switch (row.state) {
    case "SENT":
      return row.sentAt;
    case "FAILED":
    case "UNCERTAIN":
      return row.past ? row.at : row.nextAttemptAt;
    case "SKIPPED": {
      const [moment] = SKIPPED_AT.exec(row.reply ?? "") ?? [];
      return moment === undefined ? null : new Date(moment);
    }
    default:
      return null;
  }
}
