import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { log } from "./log";
import { encodeRecord, type MessageSummary, scanRecords } from "./record";

type Segment = { firstId: number; lastId: number; path: string; bytes: number };
type Entry = { summary: MessageSummary; segment: Segment; sourceAt: number };
type Pending = {
  message: Omit<MessageSummary, "id" | "size">;
  source: Buffer;
  recorded: (summary: MessageSummary) => void;
  failed: (error: unknown) => void;
};

const SEGMENT_NAME = /^(\d{12})\.mail$/;

/**
 * Messages on disk, appended and never rewritten; only their summaries are in memory. Survives a killed process (not a
 * machine without power: nothing is synced). Ids grow for ever, also across restarts and after `clear`. Beyond
 * `maxMessages` the oldest are forgotten, and a file goes when all of its messages are.
 */
export class MessageStore {
  #entries: Entry[] = [];
  #segments: Segment[] = [];
  #file: FileHandle | null = null;
  #nextId = 1;
  #forgotten = 0;
  #pending: Pending[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #listeners = new Set<(summary: MessageSummary) => void>();

  private constructor(
    private readonly folder: string,
    private readonly limits: { maxMessages: number; segmentBytes: number },
  ) {}

  /** Opens the folder, creating it where it is missing, with what earlier runs recorded in it. */
  static async open(
    folder: string,
    limits: { maxMessages: number; segmentBytes: number },
  ): Promise<MessageStore> {
    const store = new MessageStore(folder, limits);
    await mkdir(folder, { recursive: true });
    const names = (await readdir(folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
    for (const name of names) await store.#load(name);
    await store.#trim();
    return store;
  }

  /** How many messages fell out of the index since this store was opened. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get total(): number {
    return this.#entries.length;
  }

  /** Resolves once the message is written and listed. Rejects, and lists nothing, where the disk refuses. */
  append(message: Pending["message"], source: Buffer): Promise<MessageSummary> {
    return new Promise((recorded, failed) => {
      this.#pending.push({ message, source, recorded, failed });
      if (this.#pending.length === 1) void this.#alone(() => this.#flush());
    });
  }

  /** Newest first. The caller stops early by leaving the loop. */
  *newestFirst(): Generator<MessageSummary> {
    const entries = this.#entries.slice();
    for (let at = entries.length - 1; at >= 0; at -= 1) {
      const entry = entries[at];
      if (entry) yield entry.summary;
    }
  }

  get(id: number): MessageSummary | null {
    return this.#find(id)?.summary ?? null;
  }

  /** The neighbours of a message in the whole list, for stepping through it. */
  neighbours(id: number): { newer: number | null; older: number | null } {
    const at = this.#position(id);
    return {
      newer: this.#entries[at + 1]?.summary.id ?? null,
      older: this.#entries[at - 1]?.summary.id ?? null,
    };
  }

  /** The message as it came over the wire (dots unstuffed), or null where it is unknown or just gone. */
  async readSource(id: number, bytes = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    const entry = this.#find(id);
    if (!entry) return null;
    const length = Math.min(entry.summary.size, bytes);
    try {
      const file = await open(entry.segment.path, "r");
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, entry.sourceAt);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }

  /** Calls back for every message from now on, in order. Returns how to stop that. */
  onRecorded(listener: (summary: MessageSummary) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets every message and removes its bytes. May run twice. */
  clear(): Promise<void> {
    return this.#alone(async () => {
      await this.#finishFile();
      const segments = this.#segments;
      this.#entries = [];
      this.#segments = [];
      for (const segment of segments) await rm(segment.path, { force: true });
      // The empty file's name is what remembers the next id for another run.
      await this.#startSegment();
    });
  }

  /** Waits for what is being written. */
  close(): Promise<void> {
    return this.#alone(() => this.#finishFile());
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #load(name: string): Promise<void> {
    const path = join(this.folder, name);
    const firstId = Number(name.slice(0, 12));
    const bytes = (await stat(path)).size;
    const file = await open(path, "r");
    const { records, wholeBytes } = await scanRecords(file, bytes).finally(() => file.close());
    const segment: Segment = { firstId, lastId: records.at(-1)?.summary.id ?? firstId - 1, path, bytes };
    for (const { summary, sourceAt } of records) this.#entries.push({ summary, segment, sourceAt });
    this.#segments.push(segment);
    if (wholeBytes < bytes) {
      log.warn(
        { event: "mailbox.record_torn", file: name, lostBytes: bytes - wholeBytes },
        "unfinished record",
      );
    }
    // A file that holds nothing but a torn record keeps its name, so the next file needs another.
    this.#nextId = Math.max(this.#nextId, segment.lastId + 1, bytes > 0 ? firstId + 1 : firstId);
  }

  async #startSegment(): Promise<Segment> {
    const path = join(this.folder, `${String(this.#nextId).padStart(12, "0")}.mail`);
    this.#file = await open(path, "a");
    const segment: Segment = { firstId: this.#nextId, lastId: this.#nextId - 1, path, bytes: 0 };
    this.#segments = [...this.#segments.filter((known) => known.path !== path), segment];
    return segment;
  }

  async #finishFile(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    let written: Entry[];
    try {
      written = await this.#write(batch);
    } catch (error) {
      // How much reached the file is unknown, so nothing is appended to it any more.
      await this.#finishFile().catch(() => undefined);
      this.#nextId += batch.length;
      for (const { failed } of batch) failed(error);
      return;
    }
    this.#entries.push(...written);
    await this.#trim();
    for (const [at, { summary }] of written.entries()) {
      batch[at]?.recorded(summary);
      for (const listener of this.#listeners) listener(summary);
    }
  }

  async #write(batch: Pending[]): Promise<Entry[]> {
    const current = this.#segments.at(-1);
    if (current && current.bytes >= this.limits.segmentBytes) await this.#finishFile();
    const segment = this.#file && current ? current : await this.#startSegment();
    let position = segment.bytes;
    const written: Buffer[] = [];
    const entries = batch.map(({ message, source }, at): Entry => {
      const summary = { ...message, id: this.#nextId + at, size: source.length };
      const { pieces, bytes, sourceAt } = encodeRecord(summary, source);
      const entry = { summary, segment, sourceAt: position + sourceAt };
      written.push(...pieces);
      position += bytes;
      return entry;
    });
    await this.#file?.appendFile(Buffer.concat(written));
    segment.bytes = position;
    this.#nextId += batch.length;
    segment.lastId = this.#nextId - 1;
    return entries;
  }

  async #trim(): Promise<void> {
    const excess = this.#entries.length - this.limits.maxMessages;
    if (excess > 0) {
      this.#forgotten += excess;
      this.#entries.splice(0, excess);
    }
    const firstId = this.#entries[0]?.summary.id ?? this.#nextId;
    while (this.#segments.length > 1) {
      const oldest = this.#segments[0];
      if (!oldest || oldest.lastId >= firstId) return;
      this.#segments.shift();
      await rm(oldest.path, { force: true });
    }
  }

  #position(id: number): number {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#entries[middle]?.summary.id ?? 0;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -2;
  }

  #find(id: number): Entry | undefined {
    return this.#entries[this.#position(id)];
  }
}
