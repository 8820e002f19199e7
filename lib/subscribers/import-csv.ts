/**
 * Takes in a list of subscribers from a CSV file of any size up to a million rows. May run twice: the second time changes
 * nothing. Never mails anybody, never confirms without a stated source of consent, never revives somebody who left or
 * bounced, and drops no row silently: each one is counted or listed with its line and reason.
 */
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type Columns, findColumns, type ListRow, readListRow } from "./csv-columns";
import { decodeListFile, findDelimiter } from "./csv-text";
import { type BatchCounts, emptyCounts, saveBatch } from "./import-batch";

export type ImportOptions = {
  now: Date;
  /** True takes people as confirmed unless the list says otherwise; then `source` must say where they consented. */
  confirmed: boolean;
  /** Such as "Substack, exported 20 November 2026". Kept with each row as the record of consent. */
  source: string;
  onProgress?: (rows: number) => void;
};

export type ImportProblem = { line: number; problem: string };

export type ImportReport = BatchCounts & {
  rows: number;
  /** Of one file: the same address again, in any case. The first row counts. */
  repeated: number;
  encoding: string;
  /** The first ten thousand; `problemCount` counts all. */
  problems: ImportProblem[];
  problemCount: number;
};

const BATCH = 1_000;
const MAX_ROWS = 1_000_000;
const MAX_COLUMNS = 64;
const MAX_CELL = 4_096;
const MAX_PROBLEMS = 10_000;

/** Throws INVALID when the file as a whole cannot be read; rows saved before that stay, so that it can be run again. */
export async function importSubscribers(
  db: Database,
  file: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport> {
  const source = options.source.trim();
  if (options.confirmed && source === "") {
    const problem =
      "Say where these people agreed to get your mail, such as the name of the service you left.";
    throw new DomainError("INVALID", problem, { fields: { source: problem } });
  }
  const report: ImportReport = {
    ...emptyCounts(),
    rows: 0,
    repeated: 0,
    encoding: "utf-8",
    problems: [],
    problemCount: 0,
  };
  const seen = new Set<string>();
  let batch: ListRow[] = [];
  const save = async () => {
    const counts = await saveBatch(db, batch, { ...options, source });
    for (const key of Object.keys(counts) as (keyof BatchCounts)[]) report[key] += counts[key];
    batch = [];
    options.onProgress?.(report.rows);
  };
  for await (const row of readRows(file, report)) {
    if (seen.has(row.email)) {
      report.repeated += 1;
      continue;
    }
    seen.add(row.email);
    batch.push(row);
    if (batch.length >= BATCH) await save();
  }
  if (batch.length > 0) await save();
  log.info(
    { event: "subscribers.imported", rows: report.rows, added: report.added, problems: report.problemCount },
    "A list was imported.",
  );
  return report;
}

/** The sound rows of the file; the others go straight into the report. */
async function* readRows(file: AsyncIterable<Uint8Array>, report: ImportReport): AsyncGenerator<ListRow> {
  const text = decodeListFile(file, (encoding) => {
    report.encoding = encoding;
  });
  const { delimiter, whole } = await findDelimiter(text);
  const parser = Readable.from(whole, { objectMode: false }).compose(
    parse({
      bom: true,
      info: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_COLUMNS * MAX_CELL,
    }),
  );
  let columns: Columns | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (columns === null) {
        columns = requireColumns(record);
        continue;
      }
      report.rows += 1;
      if (report.rows > MAX_ROWS) {
        throw new DomainError("INVALID", "The file has more than a million rows. Please split it.");
      }
      const problem = checkSize(record);
      const result = problem === null ? readListRow(record, columns) : ({ ok: false, problem } as const);
      if (result.ok) yield result.row;
      else note(report, { line: info.lines, problem: result.problem });
    }
  } catch (error) {
    throw readableError(error);
  }
  if (columns === null) throw new DomainError("INVALID", "The file is empty.");
}

function requireColumns(headings: string[]): Columns {
  if (headings.length > MAX_COLUMNS) {
    throw new DomainError("INVALID", `The file has ${headings.length} columns; ${MAX_COLUMNS} are the most.`);
  }
  const columns = findColumns(headings);
  if (columns === null) {
    throw new DomainError("INVALID", 'The first line names no column "email". Add a line of headings.');
  }
  const names = headings.map((heading) => heading.trim().toLowerCase()).filter(Boolean);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new DomainError("INVALID", `Two columns are called "${twice.slice(0, 60)}". Rename one of them.`);
  }
  return columns;
}

function checkSize(record: string[]): string | null {
  if (record.length > MAX_COLUMNS) return `The row has ${record.length} columns.`;
  return record.some((cell) => cell.length > MAX_CELL) ? "A cell is longer than 4096 characters." : null;
}

function note(report: ImportReport, problem: ImportProblem): void {
  report.problemCount += 1;
  if (report.problems.length < MAX_PROBLEMS) report.problems.push(problem);
}

function readableError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  return new DomainError(
    "INVALID",
    `The file is not sound CSV at line ${String(error.lines ?? "?")}: a quote or a row does not end. Mend it and run the import again; rows before it are saved.`,
    { cause: error },
  );
}
