import { type CsvError, parse } from "csv-parse/sync";
import { ImportRefused } from "../import-notes";
import { decodeText } from "./decode-text";
import type { ExportReport } from "./report";
import type { ZipEntry } from "./zip";

/** A row by its column names in lower case; `line` is where it ends in the file, counted from 1. */
export type CsvRow = { line: number; values: Record<string, string> };
export type CsvFile = { columns: string[]; rows: CsvRow[] };

const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 64;
const LONGEST_ROW = 200_000;

/**
 * Reads a CSV file with a head line. A row that is no CSV is reported by its line and left out; the rest is read.
 * Throws `ImportRefused` for a file without a head line or with more than 64 columns or a million rows.
 */
export function readCsv(file: ZipEntry, report: ExportReport): CsvFile {
  const { text, encoding } = decodeText(file.read());
  if (encoding === "windows-1252")
    report.note(file.name, "The file is not UTF-8 and was read as Windows-1252; check accented letters.");
  const records = recordsOf(text, file.name, report);
  const [head, ...rest] = records;
  if (!head) throw new ImportRefused(`${file.name} is empty: it should begin with a line of column names.`);
  if (head.record.length > MOST_COLUMNS)
    throw new ImportRefused(`${file.name} has more than ${MOST_COLUMNS} columns.`);
  if (rest.length > MOST_ROWS) throw new ImportRefused(`${file.name} has more than a million rows.`);
  const columns = head.record.map((name) => name.trim().toLowerCase().replace(/\s+/g, "_"));
  const rows = rest.map(({ record, line }) => ({ line, values: valuesOf(columns, record) }));
  return { columns, rows };
}

/** The first of two columns of one name counts; a row that is too short has empty cells. */
function valuesOf(columns: readonly string[], record: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    if (column !== "" && !Object.hasOwn(values, column))
      values[column] = (record[index] ?? "").replaceAll("\0", "").trim();
  }
  return values;
}

function recordsOf(text: string, name: string, report: ExportReport): { record: string[]; line: number }[] {
  const records: { record: string[]; line: number }[] = [];
  parse(text, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_ROW,
    on_skip: (error: CsvError | undefined) => {
      const where = `${name}, near line ${String(error?.lines ?? "?")}`;
      // The parser tells of one row once for each of its stray quotes.
      if (report.skipped.at(-1)?.what !== where) report.skip(where, "The row is not readable as CSV.");
    },
    on_record: (record: string[], { lines }) => {
      records.push({ record, line: lines });
      return null;
    },
  });
  return records;
}
