/**
 * The ledger of one issue as CSV, one line a reader, in the order in which they were written down. Changes nothing.
 * Never holds more than a page of rows in memory, and never writes a cell that a spreadsheet would run as a formula.
 */
import { stringify } from "csv-stringify/sync";
import type { Database } from "@/lib/db";
import { listCutIssues, variantHeld } from "./free-part";
import { LEDGER_ROWS, type LedgerRow } from "./ledger-rows";
import { type LedgerFilter, ledgerWhere } from "./queries";

const PAGE = 2_000;
export const LEDGER_COLUMNS = [
  "email",
  "state",
  "variant",
  "tries",
  "code",
  "last_answer",
  "sent_at",
] as const;

/** Names the file. Null where there is no such issue, or its sending has not begun. */
export async function findLedger(db: Database, issueId: string): Promise<{ slug: string } | null> {
  return db.issue.findFirst({
    where: { id: issueId, audienceFrozenAt: { not: null } },
    select: { slug: true },
  });
}

/** Text chunks, beginning with the line of headings. An erased reader has an empty address; a variant is what it held. */
export async function* exportLedger(db: Database, filter: LedgerFilter): AsyncGenerator<string> {
  yield write([[...LEDGER_COLUMNS]]);
  const isCut = (await listCutIssues(db, [filter.issueId])).has(filter.issueId);
  let after = 0n;
  for (;;) {
    const page = await db.$queryRaw<(LedgerRow & { email: string | null })[]>`
      SELECT r.*, s.email FROM ${LEDGER_ROWS} r LEFT JOIN "Subscriber" s ON s.id = r."subscriberId"
      WHERE ${ledgerWhere(filter)} AND r.id > ${after} ORDER BY r.id LIMIT ${PAGE}`;
    const last = page.at(-1);
    if (!last) return;
    yield write(
      page.map((row) => [
        row.email ?? "",
        row.state.toLowerCase(),
        variantHeld(row.variant, isCut)?.toLowerCase() ?? "",
        String(row.attempt),
        row.smtpCode === null ? "" : String(row.smtpCode),
        row.reply ?? "",
        row.sentAt?.toISOString() ?? "",
      ]),
    );
    after = last.id;
  }
}

/** OWASP's list of what begins a formula; csv-stringify knows the full-width twins too. */
function write(rows: string[][]): string {
  return stringify(rows, { quoted: true, escape_formulas: true, record_delimiter: "\r\n" });
}
