"use server";

import { z } from "zod";
import { isAuthorAsking, SIGNED_OUT } from "@/app/admin/_desk/author-action";
import { DomainError } from "@/lib/errors";
import { documentFromMarkdown } from "@/lib/issues/document/import/markdown";
import { renderMarkdown } from "@/lib/issues/document/render-markdown";
import { type Document, parseDocument } from "@/lib/issues/document/schema";

type Refused = { ok: false; problem: string };
export type ReadMarkdown = { ok: true; document: Document; notes: string[] } | Refused;
export type WrittenMarkdown = { ok: true; markdown: string } | Refused;

const FRONT_MATTER_LEFT = "The lines between --- at the beginning were left out: only the text comes here.";

/** Markdown, pasted or written, as a document for the editor. */
export async function readMarkdownAction(source: unknown): Promise<ReadMarkdown> {
  if (!(await isAuthorAsking())) return { ok: false, problem: SIGNED_OUT };
  try {
    const { document, frontMatter, notes } = documentFromMarkdown(z.string().parse(source));
    const told = notes.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`));
    const left = Object.keys(frontMatter).length > 0 ? [FRONT_MATTER_LEFT] : [];
    return { ok: true, document, notes: [...left, ...told] };
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The editor's document as Markdown. */
export async function writeMarkdownAction(value: unknown): Promise<WrittenMarkdown> {
  if (!(await isAuthorAsking())) return { ok: false, problem: SIGNED_OUT };
  const parsed = parseDocument(value);
  if (parsed.ok) return { ok: true, markdown: renderMarkdown(parsed.document) };
  return { ok: false, problem: `A part of the text cannot be written down: ${parsed.problems[0]?.message}.` };
}
