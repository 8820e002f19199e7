import type { z } from "zod";
import { DomainError } from "./errors";

/** Far above any form of ours, far below what could hurt. Uploads have a way of their own. */
const MAX_FIELD_CHARACTERS = 16_384;

/**
 * A form's fields as a strict schema reads them. Fields that the schema does not name, files, and a field sent twice are
 * refused; what Next adds to carry an action is not a field. Throws INVALID with one message per wrong field.
 */
export function readForm<Schema extends z.ZodType>(schema: Schema, form: FormData): z.output<Schema> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of form) {
    if (name.startsWith("$ACTION_")) continue;
    if (typeof value !== "string" || name in values || value.length > MAX_FIELD_CHARACTERS) throw refused({});
    values[name] = value;
  }
  return readInput(schema, { ...values });
}

/** What a schema makes of what a browser sent, whatever that is. Throws INVALID with one message per wrong field. */
export function readInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const name = issue.path[0];
    if (typeof name === "string") fields[name] ??= issue.message;
  }
  throw refused(fields);
}

function refused(fields: Record<string, string>): DomainError {
  const first = Object.values(fields)[0];
  return new DomainError(
    "INVALID",
    first ?? "This form came in a shape that we do not know. Please try again.",
    {
      fields,
    },
  );
}

/** What a form draws after a refused submission: nothing that was typed is lost. */
export type FormState = {
  problem: string | null;
  fields: Readonly<Record<string, string>>;
  typed: Readonly<Record<string, string>>;
};

/** For the `catch` of an action: a DomainError becomes what the form shows, anything else goes on as it is. */
export function refusedForm(error: unknown, form: FormData): FormState {
  if (!(error instanceof DomainError)) throw error;
  const typed: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === "string" && !name.startsWith("$ACTION_"))
      typed[name] = value.slice(0, MAX_FIELD_CHARACTERS);
  }
  return { problem: error.message, fields: error.fields, typed };
}
