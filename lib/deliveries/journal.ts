/**
 * What a worker writes down beside the database, so that after a crash it is known which messages had begun to leave
 * and which the server took. One append-only file for each incarnation of a worker; a line is one write(2), which
 * outlives the death of the process (not of the machine: see `trusted`). No addresses stand in it. What it need not tell any
 * more goes when another file takes its place by rename(2).
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
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

const headerSchema = z.object({
  incarnation: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
  bootId: z.string(),
  pidSpace: z.string(),
});
type Header = z.infer<typeof headerSchema>;

/** Throws where the folder cannot be written: without a journal a worker must not send. */
export function openJournal(folder: string, incarnation: string = randomUUID()): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${incarnation}.journal`);
  const head = Buffer.from(`${JSON.stringify({ incarnation, ...thisProcess() } satisfies Header)}\n`);
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
      removeFile(path);
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
function removeFile(path: string): void {
  rmSync(nextOf(path), { force: true });
  rmSync(path, { force: true });
}

/** How far a delivery came in one attempt. Without an entry nothing of it was sent. */
export type Fate =
  | { state: "begun"; copied: Copied | null }
  | { state: "accepted"; reply: string; copied: Copied | null }
  | { state: "not-sent" };

export type StoredJournal = {
  incarnation: string;
  /** Of the process that wrote it, for sure; `unseen` where it cannot be told from here. */
  writer: "lives" | "gone" | "unseen";
  /** By this machine's clock. */
  writtenAt: Date;
  /** False after the machine went down: what was written last may be missing. */
  trusted: boolean;
  fateOf(id: bigint, attempt: number): Fate | null;
  remove(): void;
};

/** Every journal in the folder, also that of the worker which asks. */
export function listJournals(folder: string): StoredJournal[] {
  const here = thisProcess();
  return readdirSync(folder)
    .filter((name) => name.endsWith(".journal"))
    .flatMap((name) => {
      const journal = readJournal(join(folder, name), here);
      return journal ? [journal] : [];
    });
}

function readJournal(path: string, here: Omit<Header, "incarnation">): StoredJournal | null {
  const start = readStart(path);
  const header = start && parseHeader(start.text.split("\n", 1)[0] ?? "");
  if (!header) return null;
  // Read when first asked, not before: a row found in the database after the journal was read could have left since.
  let fates: Map<string, Fate> | null = null;
  return {
    incarnation: header.incarnation,
    writer: writerOf(header, here),
    writtenAt: start.writtenAt,
    trusted: header.bootId === here.bootId && here.bootId !== "",
    fateOf: (id, attempt) => {
      fates ??= readFates(readIfThere(path) ?? "");
      return fates.get(`${id} ${attempt}`) ?? null;
    },
    remove: () => removeFile(path),
  };
}

function readFates(text: string): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  // A torn last line has no line end; it was never a whole record.
  for (const line of text.split("\n").slice(1, -1)) {
    const [, mark, key, rest = ""] = /^([BAN]) (\d+ \d+)(?: (.*))?$/.exec(line) ?? [];
    if (!key) continue;
    const before = fates.get(key);
    const copied = before && "copied" in before ? before.copied : null;
    if (mark === "B") fates.set(key, { state: "begun", copied: readCopied(rest) });
    else if (mark === "A") fates.set(key, { state: "accepted", reply: rest, copied });
    else fates.set(key, { state: "not-sent" });
  }
  return fates;
}

function readCopied(text: string): Copied | null {
  const [, variant, line, hash] = /^(WHOLE|TEASER) (\d+|-) (-?\d+)$/.exec(text) ?? [];
  if (!hash) return null;
  return {
    variant: variant === "WHOLE" ? "WHOLE" : "TEASER",
    statusLineId: line === "-" ? null : Number(line),
    messageHash: BigInt(hash),
  };
}

function writerOf(header: Header, here: Omit<Header, "incarnation">): StoredJournal["writer"] {
  if (here.bootId === "" || header.bootId === "") return "unseen";
  if (header.bootId !== here.bootId) return "gone";
  if (header.pidSpace !== here.pidSpace || here.pidSpace === "") return "unseen";
  return startOf(header.pid) === header.startedAt ? "lives" : "gone";
}

function parseHeader(line: string): Header | null {
  try {
    return headerSchema.parse(JSON.parse(line));
  } catch {
    // The writer died within its first line: nothing can have been sent.
    return null;
  }
}

/**
 * From Linux's /proc; empty elsewhere, and then nothing is concluded from it. A process identifier means something
 * only in the same process namespace, which two containers on one machine do not share.
 */
function thisProcess(): Omit<Header, "incarnation"> {
  return {
    pid: process.pid,
    startedAt: startOf(process.pid) ?? "",
    bootId: readIfThere("/proc/sys/kernel/random/boot_id")?.trim() ?? "",
    pidSpace: linkIfThere("/proc/self/ns/pid"),
  };
}

/** Field 22 of /proc/<pid>/stat, ticks since boot: tells a process from a later one with the same number. */
function startOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (!stat) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? null : (fields[19] ?? null);
}

/** More than any header. Who looks at every journal a few times a minute reads no more of them. */
const START = 4_096;

function readStart(path: string): { text: string; writtenAt: Date } | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const start = Buffer.alloc(START);
    return { text: start.toString("utf8", 0, readSync(file, start)), writtenAt: fstatSync(file).mtime };
  } finally {
    closeSync(file);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function linkIfThere(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EINVAL";
}
