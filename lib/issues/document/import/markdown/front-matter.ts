import { parseDocument as parseYaml, visit, type Document as YamlDocument } from "yaml";
import { z } from "zod";
import { type ImportNotes, shortly } from "../import-notes";

const line = z.union([z.string(), z.number()]).transform(String).pipe(z.string().trim().min(1).max(500));

/** `2026-11-20`, or a moment such as `2026-11-20T09:00:00Z`. */
const date = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

const fields = {
  title: line,
  subtitle: line,
  subject: line,
  preheader: line,
  slug: z
    .string()
    .max(120)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens"),
  date,
  number: z.number().int().positive().max(1_000_000),
  audience: z
    .string()
    .transform((value) => value.trim().toUpperCase())
    .pipe(z.enum(["EVERYONE", "MEMBERS"])),
};

/** What the head of a Markdown file says about the issue. A field that is absent or unreadable is not there. */
export type FrontMatter = { [Field in keyof typeof fields]?: z.infer<(typeof fields)[Field]> };

const EXPECTED: Record<keyof typeof fields, string> = {
  title: "a title of at most 500 characters",
  subtitle: "a subtitle of at most 500 characters",
  subject: "a subject of at most 500 characters",
  preheader: "a line of at most 500 characters",
  slug: "lower-case letters, digits and single hyphens, such as my-first-issue",
  date: "a date such as 2026-11-20",
  number: "a whole number from 1",
  audience: "EVERYONE or MEMBERS",
};

/** Reads front matter; what it does not understand becomes a note, never a failure. */
export function readFrontMatter(source: string, notes: ImportNotes): FrontMatter {
  const document = parseYaml(source, { schema: "core", uniqueKeys: true });
  const problem = document.errors[0]?.message ?? (hasAlias(document) ? "write each value out" : null);
  if (problem) {
    notes.add(`The front matter could not be read: ${shortly(problem, 160)}`, 1);
    return {};
  }
  const value: unknown = document.toJS();
  if (value === null) return {};
  const entries = z.record(z.string(), z.unknown()).safeParse(value);
  if (!entries.success) {
    notes.add("The front matter was left out: write it as lines such as `title: My issue`.", 1);
    return {};
  }
  return readFields(entries.data, notes);
}

/** An alias repeats a value, and aliases of aliases repeat it without end; no front matter needs one. */
function hasAlias(document: YamlDocument): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function readFields(entries: Record<string, unknown>, notes: ImportNotes): FrontMatter {
  const found: FrontMatter = {};
  const read = <Field extends keyof FrontMatter>(field: Field, schema: z.ZodType<FrontMatter[Field]>) => {
    const value = entries[field];
    if (value === undefined || value === null || value === "") return;
    const result = schema.safeParse(value);
    if (result.success) found[field] = result.data;
    else notes.add(`The front matter's ${field} was left out: expected ${EXPECTED[field]}.`, 1);
  };
  read("title", fields.title);
  read("subtitle", fields.subtitle);
  read("subject", fields.subject);
  read("preheader", fields.preheader);
  read("slug", fields.slug);
  read("date", fields.date);
  read("number", fields.number);
  read("audience", fields.audience);
  for (const key of Object.keys(entries)) {
    if (!Object.hasOwn(fields, key)) notes.add(`The front matter's "${shortly(key)}" is not used here.`, 1);
  }
  return found;
}
