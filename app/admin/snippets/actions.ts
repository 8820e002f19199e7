"use server";

import { refresh, updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { type FormState, readForm, refusedForm } from "@/lib/form";
import { deleteSnippet, restoreSnippet } from "@/lib/issues/snippets/delete-snippet";
import { createSnippet, saveSnippet } from "@/lib/issues/snippets/save-snippet";
import { newSnippet, snippetName, snippetSave } from "@/lib/issues/snippets/schema";

const named = z.strictObject({ name: snippetName });

/** `savedVersion` is set by a save that was kept. */
export type SnippetState = FormState & { savedVersion?: number };

export async function createSnippetAction(_state: SnippetState, form: FormData): Promise<SnippetState> {
  await authorActs();
  let name: string;
  try {
    name = (await createSnippet(getDatabase(), readForm(newSnippet, form))).name;
    updateTag("issues");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/snippets/${name}?saved=1`);
}

/** Stays on the page, so that nobody who saves while writing loses their place in the text. */
export async function saveSnippetAction(_state: SnippetState, form: FormData): Promise<SnippetState> {
  await authorActs();
  try {
    const { version } = await saveSnippet(getDatabase(), readForm(snippetSave, form));
    updateTag("issues");
    refresh();
    return { problem: null, fields: {}, typed: {}, savedVersion: version };
  } catch (error) {
    return refusedForm(error, form);
  }
}

export async function deleteSnippetAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  let name: string;
  try {
    name = readForm(named, form).name;
    await deleteSnippet(getDatabase(), name, { now: new Date() });
    updateTag("issues");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/snippets?deleted=${name}`);
}

export async function restoreSnippetAction(_state: FormState, form: FormData): Promise<FormState> {
  await authorActs();
  let name: string;
  try {
    name = readForm(named, form).name;
    await restoreSnippet(getDatabase(), name);
    updateTag("issues");
  } catch (error) {
    return refusedForm(error, form);
  }
  redirect(`/admin/snippets?restored=${name}`);
}
