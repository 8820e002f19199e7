import { z } from "zod";

/** What the desk may change of an issue. Shared with the browser: it imports nothing of the server. */

export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Lower-case words joined by dashes, at most 80 characters: `GPU memory, explained` → `gpu-memory-explained`. */
export function slugFrom(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (plain.length <= 80) return plain;
  return plain
    .slice(0, 80)
    .replace(/-[^-]*$/, "")
    .replace(/-+$/, "");
}

const singleLine = (max: number, label: string) =>
  z
    .string()
    .max(max, `Keep the ${label} under ${max} characters.`)
    .transform((value) => value.replace(/\s+/g, " ").trim());

export const issueChanges = z.strictObject({
  title: singleLine(250, "title").optional(),
  subtitle: singleLine(300, "subtitle").optional(),
  subject: singleLine(250, "subject").optional(),
  preheader: singleLine(250, "preheader").optional(),
  slug: z
    .string()
    .max(100, "Keep the address under 100 characters.")
    .regex(SLUG, "Use small letters, digits and single dashes, such as gpu-memory-explained.")
    .optional(),
  number: z.number().int().min(1).max(100_000).nullable().optional(),
  audience: z.enum(["EVERYONE", "MEMBERS"]).optional(),
  staysOpen: z.boolean().optional(),
  sendsMail: z.boolean().optional(),
  body: z.unknown().optional(),
});

export const saveRequest = z.strictObject({
  issueId: z.uuid(),
  /** The version that this edit began from. */
  version: z.number().int().min(1),
  changes: issueChanges,
  /** True when the author has seen a newer state and writes over it all the same: that state is kept as a revision. */
  keepsReplaced: z.boolean().optional(),
});
