import { DomainError } from "@/lib/errors";
import { type Document, parseDocument } from "./document/schema";

/** A body as the database holds it. Throws when it is no document: nothing else is ever rendered. */
export function readStoredDocument(body: unknown): Document {
  const parsed = parseDocument(body);
  if (parsed.ok) return parsed.document;
  const where = parsed.problems.map((problem) => `${problem.path}: ${problem.message}`).join("; ");
  throw new DomainError("UNAVAILABLE", "This issue cannot be shown at the moment.", {
    cause: new Error(`stored document is not valid: ${where}`),
  });
}
