import { z } from "zod";
import { SNIPPET_NAME } from "../document/schema";

/** What the desk may set of a snippet. Shared with the browser: it imports nothing of the server. */

/** Every new issue begins with the one and ends with the other, where the publication has them. */
export const OPENING_SNIPPET = "intro";
export const CLOSING_SNIPPET = "sign-off";

export const SNIPPET_LIMITS = { title: 80, markdown: 10_000 } as const;

export const snippetName = z
  .string()
  .trim()
  .regex(SNIPPET_NAME, "Use small letters, digits and dashes, such as sponsor-note, and at most 60 of them.")
  .refine((value) => value !== "new", "Choose another name: the desk has its own use for this one.");

export const newSnippet = z.strictObject({
  name: snippetName,
  title: z
    .string()
    .max(SNIPPET_LIMITS.title, `Keep the title under ${SNIPPET_LIMITS.title} characters.`)
    .transform((value) => value.replace(/\s+/g, " ").trim())
    .refine((value) => value !== "", "Give it a title that you recognise it by."),
  markdown: z
    .string()
    .max(SNIPPET_LIMITS.markdown, "A snippet is short: keep it under 10,000 characters.")
    .refine((value) => value.trim() !== "", "Write something first: the snippet is empty."),
  /** What the author was told cannot be kept, and agreed to lose; empty when nothing was said. */
  accepted: z.string().default(""),
});

/** `version` is the one that this edit began from. */
export const snippetSave = newSnippet.extend({ version: z.coerce.number<string>().int().min(1) });

export type NewSnippet = z.input<typeof newSnippet>;
export type SnippetSave = NewSnippet & { version: number };
