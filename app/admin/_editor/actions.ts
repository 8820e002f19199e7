"use server";

import { headers } from "next/headers";
import { z } from "zod";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { getAuthor } from "@/lib/auth/viewer";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { documentFromMarkdown } from "@/lib/issues/document/import/markdown";
import { renderMarkdown } from "@/lib/issues/document/render-markdown";
import { type Document, parseDocument } from "@/lib/issues/document/schema";

type Refused = { ok: false; problem: string };
export type ReadMarkdown = { ok: true; document: Document; notes: string[] } | Refused;
export type WrittenMarkdown = { ok: true; markdown: string } | Refused;

const SIGNED_OUT: Refused = {
  ok: false,
  problem: "You are signed out. Sign in again in another tab, then try once more: nothing here is lost.",
};

/** Unlike other actions of the desk, these answer a session that ended in words: the page holds what was typed. */
async function authorAsks(): Promise<boolean> {
  requireSameOrigin(await headers(), getEnv().PUBLIC_URL);
  return (await getAuthor()) !== null;
}

/** Markdown, pasted or written, as a document for the editor. */
export async function readMarkdownAction(source: unknown): Promise<ReadMarkdown> {
  if (!(await authorAsks())) return SIGNED_OUT;
  try {
    const { document, notes } = documentFromMarkdown(z.string().parse(source));
    const told = notes.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`));
    return { ok: true, document, notes: told };
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The editor's document as Markdown. */
export async function writeMarkdownAction(value: unknown): Promise<WrittenMarkdown> {
  if (!(await authorAsks())) return SIGNED_OUT;
  const parsed = parseDocument(value);
  if (parsed.ok) return { ok: true, markdown: renderMarkdown(parsed.document) };
  return { ok: false, problem: `A part of the text cannot be written down: ${parsed.problems[0]?.message}.` };
}
