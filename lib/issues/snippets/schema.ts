import { z } from "zod";
import { SNIPPET_NAME } from "../document/schema";

/** What the desk may set of a snippet. Shared with the browser: it imports nothing of the server. */

/** Every new issue begins with the one and ends with the other, where the publication has them. */
export const OPENING_SNIPPET = "intro";
export const CLOSING_SNIPPET = "sign-off";

/** The text is measured as Markdown, which is how the author may see it as well. */
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
  /** A document; `snippetDocument` looks at it. */
  body: z.unknown(),
});

/** `version` is the one that this edit began from. */
export const snippetSave = newSnippet.extend({ version: z.int().min(1) });

export type NewSnippet = z.infer<typeof newSnippet>;
export type SnippetSave = z.infer<typeof snippetSave>;
