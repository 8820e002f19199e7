import type { FileHandle } from "node:fs/promises";
import { z } from "zod";

/**
 * One message on disk: a line of JSON about it, its source of exactly `size` bytes, and a line break. A file of such
 * records needs no second index: reading the lines and jumping over the sources is enough to know what is in it.
 */
const recordSchema = z.object({
  id: z.number().int().positive(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  date: z.string().nullable(),
  messageId: z.string().nullable(),
  receivedAt: z.string(),
  size: z.number().int().nonnegative(),
});

/** What is known of a message without opening it. `from` and `to` are the envelope, `date` is the Date header. */
export type MessageSummary = z.infer<typeof recordSchema>;

const LINE_BREAK = 0x0a;
const FIRST_READ = 4096;
const LONGEST_LINE = 4 * 1024 * 1024;

/** Returns the pieces of a record, and where its source begins in it. */
export function encodeRecord(
  summary: MessageSummary,
  source: Buffer,
): { pieces: Buffer[]; bytes: number; sourceAt: number } {
  const line = Buffer.from(`${JSON.stringify(summary)}\n`);
  const pieces = [line, source, Buffer.of(LINE_BREAK)];
  return { pieces, bytes: line.length + source.length + 1, sourceAt: line.length };
}

async function readLine(file: FileHandle, position: number): Promise<Buffer | null> {
  for (let length = FIRST_READ; length <= LONGEST_LINE; length *= 4) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    const end = buffer.subarray(0, bytesRead).indexOf(LINE_BREAK);
    if (end >= 0) return buffer.subarray(0, end);
    if (bytesRead < length) return null;
  }
  return null;
}

function parseLine(line: Buffer): MessageSummary | null {
  try {
    return recordSchema.parse(JSON.parse(line.toString("utf8")));
  } catch {
    return null;
  }
}

/**
 * Lists the records of a file in order and stops at the first one that is not whole, as a killed process leaves it:
 * `wholeBytes` is where that is, or the end of the file.
 */
export async function scanRecords(
  file: FileHandle,
  fileBytes: number,
): Promise<{ records: { summary: MessageSummary; sourceAt: number }[]; wholeBytes: number }> {
  const records: { summary: MessageSummary; sourceAt: number }[] = [];
  let position = 0;
  while (position < fileBytes) {
    const line = await readLine(file, position);
    const summary = line && parseLine(line);
    if (!line || !summary) break;
    const sourceAt = position + line.length + 1;
    const next = sourceAt + summary.size + 1;
    if (next > fileBytes) break;
    records.push({ summary, sourceAt });
    position = next;
  }
  return { records, wholeBytes: position };
}
