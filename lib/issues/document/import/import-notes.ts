import { DomainError } from "@/lib/errors";

/** Something an import changed or left out, in plain words; `line` counts from 1 where the source has lines. */
export type ImportNote = { message: string; line: number | null };

const MOST_NOTES = 200;

/**
 * The source is too large, too deep or too costly to read. Nothing was imported; the message says what to do, in
 * words for the author.
 */
export class ImportRefused extends DomainError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("INVALID", message, options);
    this.name = "ImportRefused";
  }
}

/** Collects the notes of one import. What happened often is said once, with its first line and a count. */
export class ImportNotes {
  private readonly entries = new Map<string, { line: number | null; count: number }>();
  private unlisted = 0;

  add(message: string, line: number | null = null): void {
    const known = this.entries.get(message);
    if (known) known.count += 1;
    else if (this.entries.size < MOST_NOTES) this.entries.set(message, { line, count: 1 });
    else this.unlisted += 1;
  }

  list(): ImportNote[] {
    const notes = Array.from(this.entries, ([message, { line, count }]) => ({
      message: count > 1 ? `${message} (${count} times)` : message,
      line,
    }));
    if (this.unlisted > 0) notes.push({ message: `And ${this.unlisted} more like these.`, line: null });
    return notes;
  }
}

/** The beginning of a text, for naming its place in a note. */
export function shortly(text: string, length = 60): string {
  const words = text.replace(/\s+/g, " ").trim();
  return words.length <= length ? words : `${words.slice(0, length - 1).trimEnd()}…`;
}
