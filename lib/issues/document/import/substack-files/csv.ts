import { CsvError, parse } from "csv-parse/sync";
import { ImportRefused } from "../import-notes";
import { decodeText } from "./decode-text";
import type { ExportReport } from "./report";
import type { ZipEntry } from "./zip";

/** A row by its column names in lower case; `line` is where it ends in the file, counted from 1. */
export type CsvRow = { line: number; values: Record<string, string> };
export type CsvFile = { columns: string[]; rows: CsvRow[] };

const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 64;
const MOST_FAULTS = 100;
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

type CsvRecord = { record: string[]; line: number };

function recordsOf(source: string, name: string, report: ExportReport): CsvRecord[] {
  const text = source.replace(/\r\n?/g, "\n");
  const records: CsvRecord[] = [];
  let start = 0;
  let linesBefore = 0;
  for (let faults = 0; faults <= MOST_FAULTS; faults += 1) {
    const fault = readOn(text.slice(start), linesBefore, records);
    if (!fault) return records;
    // A quote that is never closed would swallow every row after it: its line is read alone, and reading goes on below.
    let lineStart = start;
    for (; linesBefore < fault.line - 1; linesBefore += 1) lineStart = text.indexOf("\n", lineStart) + 1;
    while (text[lineStart] === "\n") {
      lineStart += 1;
      linesBefore += 1;
    }
    const end = text.indexOf("\n", lineStart);
    linesBefore += 1;
    const record = readLoosely(text.slice(lineStart, end < 0 ? undefined : end));
    if (record) records.push({ record, line: linesBefore });
    else
      report.skip(
        `${name}, line ${linesBefore}`,
        "The row is not readable as CSV; look at its quotation marks.",
      );
    if (end < 0) return records;
    start = end + 1;
  }
  throw new ImportRefused(`${name} has more than ${MOST_FAULTS} rows that are not readable as CSV.`);
}

const OPTIONS = {
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: LONGEST_ROW,
} as const;

/** Reads records until the text ends, or until one cannot be read: then the line on which it begins, at the latest. */
function readOn(text: string, linesBefore: number, records: CsvRecord[]): { line: number } | null {
  let line = linesBefore;
  try {
    parse(text, {
      ...OPTIONS,
      on_record: (record: string[], { lines }) => {
        line = linesBefore + lines;
        records.push({ record, line });
        return null;
      },
    });
    return null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: line + 1 };
  }
}

/** One line with stray quotation marks in its values; null where even so it is no row. */
function readLoosely(line: string): string[] | null {
  try {
    return parse(line, { ...OPTIONS, relax_quotes: true })[0] ?? null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return null;
  }
}
