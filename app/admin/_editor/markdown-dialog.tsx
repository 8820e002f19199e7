"use client";

import { useEffect, useState, useTransition } from "react";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { Document } from "@/lib/issues/document/schema";
import { readMarkdownAction, writeMarkdownAction } from "./actions";
import { Dialog } from "./dialog";

const NO_CONNECTION = "There is no connection to the desk. Nothing was changed; try again when it is back.";

/** The whole text as Markdown, to be read, copied, written over and taken back. */
export function MarkdownDialog({
  document,
  hasPaywall,
  onTake,
  onClose,
}: {
  document: Document;
  hasPaywall: boolean;
  onTake: (document: Document, notes: readonly string[]) => void;
  onClose: () => void;
}) {
  const [markdown, setMarkdown] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [working, start] = useTransition();

  useEffect(() => {
    start(async () => {
      const written = await writeMarkdownAction(document).catch(() => null);
      if (written?.ok) setMarkdown(written.markdown);
      else setProblem(written?.problem ?? NO_CONNECTION);
    });
  }, [document]);

  const take = () =>
    start(async () => {
      const read = await readMarkdownAction(markdown ?? "").catch(() => null);
      if (read?.ok) onTake(read.document, read.notes);
      else setProblem(read?.problem ?? NO_CONNECTION);
    });

  return (
    <Dialog title="The text as Markdown" onClose={onClose} wide>
      <div className="mt-3 grid gap-4">
        {problem && <Notice tone="problem">{problem}</Notice>}
        <FieldRow
          id="editor-markdown"
          label="Markdown"
          hint={`${hasPaywall ? "::paywall ends the free part. " : ""}Taking it over can be undone in the editor.`}
        >
          {(control) => (
            <textarea
              {...control}
              rows={18}
              readOnly={markdown === null}
              value={markdown ?? "Writing it down …"}
              onChange={(event) => setMarkdown(event.target.value)}
              className={`${CONTROL_CLASS} font-mono text-[0.875rem] leading-relaxed`}
            />
          )}
        </FieldRow>
        <div className="flex flex-wrap gap-2">
          <Button type="button" disabled={working || markdown === null} onClick={take}>
            Take it over
          </Button>
          <Button type="button" tone="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
