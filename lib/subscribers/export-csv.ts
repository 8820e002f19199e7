/**
 * The whole list as CSV, in the columns that `importSubscribers` reads. Changes nothing. Never holds more than a page of
 * rows in memory, and never writes a cell that a spreadsheet would run as a formula.
 */
import { stringify } from "csv-stringify/sync";
import type { Database } from "@/lib/db";

const PAGE = 1_000;
export const EXPORT_COLUMNS = [
  "email",
  "name",
  "status",
  "created_at",
  "confirmed_at",
  "unsubscribed_at",
  "membership",
  "source",
] as const;

/** Text chunks, oldest subscriber first, beginning with the line of headings. */
export async function* exportSubscribers(db: Database): AsyncGenerator<string> {
  yield write([[...EXPORT_COLUMNS]]);
  let after: string | undefined;
  for (;;) {
    const page = await db.subscriber.findMany({
      take: PAGE,
      orderBy: { id: "asc" },
      include: { membership: { select: { status: true } } },
      ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
    });
    if (page.length === 0) return;
    yield write(
      page.map((row) => [
        row.email,
        row.name,
        row.status.toLowerCase(),
        row.createdAt.toISOString(),
        row.confirmedAt?.toISOString() ?? "",
        row.unsubscribedAt?.toISOString() ?? "",
        row.membership?.status.toLowerCase() ?? "",
        row.source,
      ]),
    );
    after = page.at(-1)?.id;
  }
}

/** OWASP's list of what begins a formula; csv-stringify knows the full-width twins too. */
function write(rows: string[][]): string {
  return stringify(rows, { quoted: true, escape_formulas: true, record_delimiter: "\r\n" });
}
