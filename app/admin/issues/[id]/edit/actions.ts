"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { documentFromMarkdown } from "@/lib/issues/document/import/markdown";
import { saveIssue } from "@/lib/issues/edit";

const WHOLE_TEXT = 1_000_000;

const fields = z.strictObject({
  issueId: z.uuid(),
  version: z.coerce.number().int().min(1),
  title: z.string().max(1_000),
  subtitle: z.string().max(1_000),
  subject: z.string().max(1_000),
  preheader: z.string().max(1_000),
  slug: z.string().max(1_000),
  audience: z.enum(["EVERYONE", "MEMBERS"]),
  markdown: z.string().max(WHOLE_TEXT, "The issue is too long."),
});

export type Draft = z.input<typeof fields>;
export type SaveAnswer =
  | { outcome: "saved"; version: number; savedAt: string; notes: string[] }
  | { outcome: "conflict"; problem: string; version: number }
  | { outcome: "refused"; problem: string; fields: Readonly<Record<string, string>> };

/** One save of the whole page: called while the author writes, and by the form itself where there is no JavaScript. */
export async function saveAction(draft: unknown): Promise<SaveAnswer> {
  await authorActs();
  const parsed = fields.safeParse(draft);
  if (!parsed.success) {
    const problem = parsed.error.issues[0]?.message ?? "Some fields need another look.";
    return { outcome: "refused", problem, fields: {} };
  }
  const { issueId, version, markdown, ...changes } = parsed.data;
  try {
    const { document, notes } = documentFromMarkdown(markdown);
    const saved = await saveIssue(
      getDatabase(),
      { issueId, version, changes: { ...changes, body: document } },
      { now: new Date() },
    );
    updateTag("issues");
    const told = notes.map((note) =>
      note.line === null ? note.message : `Line ${note.line}: ${note.message}`,
    );
    return { outcome: "saved", version: saved.version, savedAt: saved.savedAt.toISOString(), notes: told };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "CONFLICT") {
      return { outcome: "conflict", problem: error.message, version: Number(error.fields.version) };
    }
    return { outcome: "refused", problem: error.message, fields: error.fields };
  }
}

export async function saveFormAction(form: FormData): Promise<never> {
  const draft = Object.fromEntries([...form].filter(([name]) => !name.startsWith("$ACTION_")));
  const answer = await saveAction(draft);
  const issueId = z.uuid().parse(draft.issueId);
  redirect(`/admin/issues/${issueId}/edit?${answer.outcome}=1`);
}
