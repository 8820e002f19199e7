"use server";

import { refresh, updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs, isAuthorAsking, SIGNED_OUT } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type FormState, readForm, readInput, refusedForm } from "@/lib/form";
import { deleteSnippet, restoreSnippet } from "@/lib/issues/snippets/delete-snippet";
import { createSnippet, type SavedSnippet, saveSnippet } from "@/lib/issues/snippets/save-snippet";
import { newSnippet, snippetName, snippetSave } from "@/lib/issues/snippets/schema";

const named = z.strictObject({ name: snippetName });

/** `fields` hold what is wrong with which field, or what another tab saved in between. */
export type SnippetAnswer =
  | { ok: true; saved: SavedSnippet }
  | { ok: false; problem: string; fields: Readonly<Record<string, string>> };

export async function createSnippetAction(request: unknown): Promise<SnippetAnswer> {
  return answer(() => createSnippet(getDatabase(), readInput(newSnippet, request)));
}

/** The page stays as it is, so that nobody who saves while writing loses their place in the text. */
export async function saveSnippetAction(request: unknown): Promise<SnippetAnswer> {
  return answer(async () => {
    const saved = await saveSnippet(getDatabase(), readInput(snippetSave, request));
    refresh();
    return saved;
  });
}

async function answer(save: () => Promise<SavedSnippet>): Promise<SnippetAnswer> {
  if (!(await isAuthorAsking())) return { ok: false, problem: SIGNED_OUT, fields: {} };
  try {
    const saved = await save();
    updateTag("issues");
    return { ok: true, saved };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, problem: error.message, fields: error.fields };
  }
}

/** Deletes or puts back, and says so in the list. */
async function actOn(
  form: FormData,
  done: "deleted" | "restored",
  act: (name: string) => Promise<unknown>,
): Promise<FormState> {
  await authorActs();
  let name: string;
  try {
    name = readForm(named, form).name;
    await act(name);
    updateTag("issues");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/snippets?${done}=${name}`);
}

export async function deleteSnippetAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "deleted", (name) => deleteSnippet(getDatabase(), name, { now: new Date() }));
}

export async function restoreSnippetAction(_state: FormState, form: FormData): Promise<FormState> {
  return actOn(form, "restored", (name) => restoreSnippet(getDatabase(), name));
}
