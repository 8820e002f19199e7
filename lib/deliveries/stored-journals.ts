/** Journals as they stand in the folder, for whoever comes after the worker that wrote them. Reads, and removes when told. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { removeJournalFile } from "./journal";
import { isMissing, lifeOf, readIfThere, thisProcess, type Writer, writerSchema } from "./journal-writer";
import type { Copied } from "./settle";

const headerSchema = writerSchema.extend({ incarnation: z.string() });
type Header = z.infer<typeof headerSchema>;

/** How far a delivery came in one attempt. Without an entry nothing of it was sent. */
export type Fate =
  | { state: "begun"; copied: Copied | null }
  | { state: "accepted"; reply: string; copied: Copied | null }
  | { state: "not-sent" };

export type StoredJournal = {
  incarnation: string;
  /** Of the process that wrote it, for sure; `unseen` where it cannot be told from here. */
  writer: ReturnType<typeof lifeOf>;
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

function readJournal(path: string, here: Writer): StoredJournal | null {
  const start = readStart(path);
  const header = start && parseHeader(start.text.split("\n", 1)[0] ?? "");
  if (!header) return null;
  // Read when first asked, not before: a row found in the database after the journal was read could have left since.
  let fates: Map<string, Fate> | null = null;
  return {
    incarnation: header.incarnation,
    writer: lifeOf(header, here),
    writtenAt: start.writtenAt,
    trusted: header.bootId === here.bootId && here.bootId !== "",
    fateOf: (id, attempt) => {
      fates ??= readFates(readIfThere(path) ?? "");
      return fates.get(`${id} ${attempt}`) ?? null;
    },
    remove: () => removeJournalFile(path),
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

function parseHeader(line: string): Header | null {
  try {
    return headerSchema.parse(JSON.parse(line));
  } catch {
    // The writer died within its first line: nothing can have been sent.
    return null;
  }
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
