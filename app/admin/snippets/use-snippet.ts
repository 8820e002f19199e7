"use client";

import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { useUnsaved } from "@/app/admin/_desk/use-unsaved";
import { type Document, EMPTY_DOCUMENT } from "@/lib/issues/document/schema";
import { createSnippetAction, type SnippetAnswer, saveSnippetAction } from "./actions";

export type Snippet = { name: string; title: string; document: Document; version: number };
export type Problem = Omit<Extract<SnippetAnswer, { ok: false }>, "ok">;

const NO_CONNECTION: Problem = {
  problem:
    "There is no connection to the desk. Nothing was saved and nothing is lost: try again when it is back.",
  fields: {},
};

/**
 * What the page holds of a snippet and how it is saved. The version is the one that the text here began from, never that
 * of a page drawn anew meanwhile; a refusal that names a newer one has shown it, so the next save may write over it.
 */
export function useSnippet(snippet: Snippet | null) {
  const router = useRouter();
  const text = useRef<Document>(snippet?.document ?? EMPTY_DOCUMENT);
  const version = useRef(snippet?.version ?? 0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wasSaved, setWasSaved] = useState(false);
  const [working, start] = useTransition();
  const unsaved = useUnsaved({ isRefused: problem !== null });

  const save = (head: { name: string; title: string }) => {
    if (working) return;
    unsaved.onSubmit();
    start(async () => {
      const request = { ...head, body: plain(text.current) };
      const answer = await (snippet
        ? saveSnippetAction({ ...request, version: version.current })
        : createSnippetAction(request)
      ).catch(() => null);
      start(() => {
        setProblem(answer?.ok ? null : (answer ?? NO_CONNECTION));
        setWasSaved(answer?.ok === true);
        if (answer?.ok && !snippet) router.push(`/admin/snippets/${answer.saved.name}?saved=1`);
      });
      const reached = answer?.ok ? answer.saved.version : Number(answer?.fields.version);
      if (reached > 0) version.current = reached;
    });
  };
  return {
    unsaved,
    problem,
    working,
    wasSaved,
    save,
    setText: (document: Document) => {
      text.current = document;
    },
  };
}

/** ProseMirror's attributes have no prototype, and such objects do not travel to an action. */
function plain(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document;
}
