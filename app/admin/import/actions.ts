"use server";

import { updateTag } from "next/cache";
import { authorActs } from "@/app/admin/_desk/author-action";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type ImportReport, importMarkdownIssue, importSubstackExport } from "@/lib/issues/import-issues";
import { importSubscribers } from "@/lib/subscribers/import-csv";

export type ImportState = { problem: string | null; issues: ImportReport | null; list: ListReport | null };
export type ListReport = {
  rows: number;
  added: number;
  unchanged: number;
  problems: { line: number; problem: string }[];
};

const LARGEST = 50 * 1024 * 1024;

export async function importIssuesAction(_state: ImportState, form: FormData): Promise<ImportState> {
  await authorActs();
  return attempt(async () => {
    const file = chosenFile(form);
    const withSubscribers = form.get("withSubscribers") === "on";
    const db = getDatabase();
    const issues = /\.(md|markdown)$/i.test(file.name)
      ? await importMarkdownIssue(db, await file.text(), { fileName: file.name })
      : await importSubstackExport(db, new Uint8Array(await file.arrayBuffer()), {
          now: new Date(),
          withSubscribers,
        });
    updateTag("issues");
    updateTag("publication");
    return { problem: null, issues, list: null };
  });
}

export async function importListAction(_state: ImportState, form: FormData): Promise<ImportState> {
  await authorActs();
  return attempt(async () => {
    const file = chosenFile(form);
    const source = String(form.get("source") ?? "").slice(0, 200);
    const report = await importSubscribers(getDatabase(), file.stream(), {
      now: new Date(),
      confirmed: form.get("confirmed") === "on",
      source,
    });
    updateTag("publication");
    const { rows, added, unchanged, problems } = report;
    return {
      problem: null,
      issues: null,
      list: { rows, added, unchanged, problems: problems.slice(0, 200) },
    };
  });
}

function chosenFile(form: FormData): File {
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0) throw new DomainError("INVALID", "Choose a file first.");
  if (file.size > LARGEST) throw new DomainError("INVALID", "The file is larger than 50 MB.");
  return file;
}

async function attempt(work: () => Promise<ImportState>): Promise<ImportState> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { problem: error.message, issues: null, list: null };
  }
}
