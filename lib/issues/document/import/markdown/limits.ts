import { DOCUMENT_LIMITS } from "../../schema";
import { ImportRefused } from "../import-notes";

/** Throws `ImportRefused` for a source that would take too long to read. Looks at each character once. */
export function refuseCostlyMarkdown(source: string): void {
  if (source.length > DOCUMENT_LIMITS.characters) {
    throw new ImportRefused("The text is longer than a million characters. Split it into several issues.");
  }
}
