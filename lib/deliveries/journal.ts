/**
 * What a worker writes down beside the database, so that after a crash it is known which messages had begun to leave
 * and which the server took. One append-only file for each incarnation of a worker; a line is one write(2), which
 * outlives the death of the process (not of the machine: see `trusted` of `stored-journals.ts`). No addresses stand in it. What it need not tell any
 * more goes when another file takes its place by rename(2).
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { thisProcess, type Writer } from "./journal-writer";
import type { Copied } from "./settle";

export type Journal = {
  readonly incarnation: string;
  /** Bytes that were written since it was last cleared, or of what was kept then. */
  readonly size: number;
  /** Before the first byte of the message leaves. This and the next two throw where nothing could be noted. */
  begun(id: bigint, attempt: number, copied: Copied): void;
  /** The server said yes. */
  accepted(id: bigint, attempt: number, reply: string): void;
  /** The server said no, or nothing was sent after all. */
  notSent(id: bigint, attempt: number): void;
  /** Forgets everything: only while every delivery of this worker is settled. */
  clear(): void;
  /**
   * Forgets every delivery but these: whatever else this worker had is settled. Throws where that could not be written, and
   * then everything stands.
   */
  keepOnly(held: readonly bigint[]): void;
  /** Removes the file. */
  close(): void;
};

/** Throws where the folder cannot be written: without a journal a worker must not send. */
export function openJournal(folder: string, incarnation: string = randomUUID()): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${incarnation}.journal`);
  const head = Buffer.from(
    `${JSON.stringify({ incarnation, ...thisProcess() } satisfies Writer & { incarnation: string })}\n`,
  );
  let file = openSync(path, "ax+", 0o600);
  let size = 0;
  writeSync(file, head);
  const write = (line: string) => {
    const record = Buffer.from(`${line}\n`);
    const written = writeSync(file, record);
    if (written < record.length) {
      // A full disk takes a part and says nothing; what is torn would swallow the next record, too.
      ftruncateSync(file, head.length + size);
      throw new Error(DISK_FULL);
    }
    size += written;
  };
  return {
    incarnation,
    get size() {
      return size;
    },
    begun: (id, attempt, { variant, statusLineId, messageHash }) =>
      write(`B ${id} ${attempt} ${variant} ${statusLineId ?? "-"} ${messageHash}`),
    accepted: (id, attempt, reply) => write(`A ${id} ${attempt} ${reply.replace(/\s+/g, " ").slice(0, 300)}`),
    notSent: (id, attempt) => write(`N ${id} ${attempt}`),
    clear: () => {
      ftruncateSync(file, head.length);
      size = 0;
    },
    keepOnly: (held) => {
      const kept = linesOf(held, readRecords(file, { from: head.length, size }));
      const next = replaceFile(path, Buffer.concat([head, kept]));
      closeSync(file);
      file = next;
      size = kept.length;
    },
    close: () => {
      closeSync(file);
      removeJournalFile(path);
    },
  };
}

/** A letter and a space, before the number of the delivery. */
const MARK = 2;
const DISK_FULL = "The journal's disk is full.";

/** From the file itself, whatever became of its name. */
function readRecords(file: number, { from, size }: { from: number; size: number }): Buffer {
  const records = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const more = readSync(file, records, read, size - read, from + read);
    if (more === 0) throw new Error("The journal is shorter than what was written.");
    read += more;
  }
  return records;
}

/** Octet by octet what was written; a reply may hold anything. Made for tens of thousands of lines. */
function linesOf(held: readonly bigint[], records: Buffer): Buffer {
  const ids = new Set(held.map(String));
  const text = records.toString("latin1");
  const lines: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from) + 1;
    if (ids.has(text.slice(from + MARK, text.indexOf(" ", from + MARK)))) lines.push(text.slice(from, end));
    from = end;
  }
  return Buffer.from(lines.join(""), "latin1");
}

/**
 * All of it is written before it takes the path, in one step: whoever reads, also after a crash at any point, finds the file
 * that was or the one that is. Gives the new one, to be appended to.
 */
function replaceFile(path: string, content: Buffer): number {
  const next = nextOf(path);
  rmSync(next, { force: true });
  const file = openSync(next, "ax+", 0o600);
  try {
    if (writeSync(file, content) < content.length) throw new Error(DISK_FULL);
    renameSync(next, path);
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(next, { force: true });
    throw error;
  }
}

/** Its name is none of a journal: nobody takes one for it that is half written. */
function nextOf(path: string): string {
  return `${path}.next`;
}

/** With what a crash left of the file that was to replace it. */
export function removeJournalFile(path: string): void {
  rmSync(nextOf(path), { force: true });
  rmSync(path, { force: true });
}
