/** Something that was not imported: what it was, and why, in words for the author. Rows are named by their number. */
export type Skipped = { what: string; why: string };
/** Something that was imported and changed on the way. */
export type ExportNote = { what: string; message: string };

/** Collects both while an export is read. */
export class ExportReport {
  readonly skipped: Skipped[] = [];
  readonly notes: ExportNote[] = [];

  skip(what: string, why: string): void {
    this.skipped.push({ what, why });
  }

  note(what: string, message: string): void {
    this.notes.push({ what, message });
  }
}
