import { z } from "zod";
import { parseDocument } from "@/lib/issues/document/schema";
import type { Manuscript } from "@/lib/issues/open-for-editing";

/**
 * What was typed and not saved yet, kept on this device. Each open page has a copy of its own, so that two tabs never
 * write over each other's, and holds a lock while it lives, so that only copies of pages that are gone are offered.
 */
export type LocalCopy = { key: string; typedAt: string; manuscript: Manuscript };

const stored = z.object({
  typedAt: z.string(),
  manuscript: z.object({
    issueId: z.string(),
    version: z.number(),
    title: z.string(),
    subtitle: z.string(),
    subject: z.string(),
    preheader: z.string(),
    slug: z.string(),
    number: z.number().nullable(),
    audience: z.enum(["EVERYONE", "MEMBERS"]),
    document: z.unknown(),
  }),
});

const prefixOf = (issueId: string) => `masthead.manuscript.${issueId}.`;

export function openLocalCopy(issueId: string) {
  const key = `${prefixOf(issueId)}${crypto.randomUUID()}`;
  void navigator.locks?.request(key, () => new Promise(() => {}));
  return {
    keep(manuscript: Manuscript): void {
      try {
        localStorage.setItem(key, JSON.stringify({ typedAt: new Date().toISOString(), manuscript }));
      } catch {
        // Full or forbidden: the save to the server goes on as before.
      }
    },
    drop: () => removeLocalCopy(key),
  };
}

/** Copies that pages which are gone left behind, newest first. */
export async function listLeftCopies(issueId: string): Promise<LocalCopy[]> {
  const alive = new Set((await navigator.locks?.query())?.held?.map((lock) => lock.name));
  return Object.keys(safeStorage() ?? {})
    .filter((key) => key.startsWith(prefixOf(issueId)) && !alive.has(key))
    .flatMap((key) => readCopy(key) ?? [])
    .sort((one, other) => other.typedAt.localeCompare(one.typedAt));
}

export function removeLocalCopy(key: string): void {
  safeStorage()?.removeItem(key);
}

function safeStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    // A browser that refuses to keep anything only loses this safety.
    return null;
  }
}

function readCopy(key: string): LocalCopy | null {
  try {
    const { typedAt, manuscript } = stored.parse(JSON.parse(safeStorage()?.getItem(key) ?? ""));
    const parsed = parseDocument(manuscript.document);
    return parsed.ok ? { key, typedAt, manuscript: { ...manuscript, document: parsed.document } } : null;
  } catch {
    // Not readable is the same as not there.
    return null;
  }
}
