import { invalid } from "./errors";

/** A form's fields as nested lists and records, the leaves as text. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type FormFields = { [key: string]: FormValue };

const MAX_DEPTH = 8;

/**
 * Reads `a[b][0]=x` fields as Stripe does: all-number or empty brackets make a list. Throws ApiError on names that cannot
 * be read or that contradict each other.
 */
export function readForm(text: string): FormFields {
  const fields: FormFields = {};
  for (const [name, value] of new URLSearchParams(text)) place(fields, splitName(name), value, name);
  return listsOf(fields);
}

function splitName(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  const path = match
    ? [match[1] ?? "", ...[...(match[2] ?? "").matchAll(/\[([^[\]]*)\]/g)].map((m) => m[1] ?? "")]
    : [];
  if (path.length === 0 || path.length > MAX_DEPTH || path.includes("__proto__")) {
    throw invalid(`Invalid parameter name: ${name}`, { code: "parameter_unknown", param: name });
  }
  return path;
}

function place(fields: FormFields, path: string[], value: string, name: string): void {
  let node: FormFields = fields;
  path.forEach((part, depth) => {
    const key = part === "" ? String(Object.keys(node).length) : part;
    const there = Object.hasOwn(node, key) ? node[key] : undefined;
    if (depth === path.length - 1) {
      if (typeof there === "object") throw invalid(`Invalid parameter: ${name}`, { param: name });
      node[key] = value;
      return;
    }
    if (typeof there === "string") throw invalid(`Invalid parameter: ${name}`, { param: name });
    const next: FormFields = there === undefined || Array.isArray(there) ? {} : there;
    node[key] = next;
    node = next;
  });
}

function listsOf(fields: FormFields): FormFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, isRecord(value) ? listOf(value) : value]),
  );
}

function listOf(fields: FormFields): FormValue {
  const read = listsOf(fields);
  const keys = Object.keys(read);
  return keys.every((key) => /^\d+$/.test(key)) ? Object.values(read) : read;
}

function isRecord(value: FormValue): value is FormFields {
  return typeof value === "object" && !Array.isArray(value);
}
