"use client";

import { useState } from "react";
import { Button, ButtonLink } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { DocumentEditor } from "@/app/admin/_editor/document-editor";
import type { Surroundings } from "@/app/admin/_editor/nodes/surroundings";
import { EMPTY_DOCUMENT } from "@/lib/issues/document/schema";
import { slugFrom } from "@/lib/issues/schema";
import { SaveProblem } from "./save-problem";
import { type Snippet, useSnippet } from "./use-snippet";

/** The form and what stands outside of it: the editor has forms of its own, and forms do not nest. */
const FORM = "snippet-form";

/** Title, name and text of a snippet. `snippet` null starts one. */
export function SnippetForm({
  snippet,
  surroundings,
  saved,
}: {
  snippet: Snippet | null;
  surroundings: Surroundings;
  saved: boolean;
}) {
  const [title, setTitle] = useState(snippet?.title ?? "");
  const [ownName, setOwnName] = useState<string | null>(null);
  const name = snippet?.name ?? ownName ?? slugFrom(title).slice(0, 60).replace(/-+$/, "");
  const { unsaved, problem, working, wasSaved, setText, save } = useSnippet(snippet);
  const [begun] = useState(snippet?.document ?? EMPTY_DOCUMENT);
  const fields = problem?.fields ?? {};
  const isSaved = !unsaved.dirty && !working && (saved || wasSaved);

  return (
    <div className="grid gap-4">
      <noscript>
        <Notice tone="problem">Writing needs JavaScript. Turn it on in your browser and reload.</Notice>
      </noscript>
      {isSaved && <Notice tone="success">Saved. The site shows it within moments.</Notice>}
      {problem && <SaveProblem problem={problem} name={name} />}
      <form
        id={FORM}
        ref={unsaved.form}
        onChange={unsaved.onChange}
        onSubmit={(event) => {
          event.preventDefault();
          save({ name, title });
        }}
      >
        <fieldset disabled={!unsaved.ready} className="grid gap-4">
          <Field
            id="title"
            label="Title"
            hint="Only you see it."
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            error={fields.title}
          />
          {!snippet && (
            <Field
              id="name"
              label="Name"
              hint="Issues name it by this, so it cannot change later. A snippet called intro opens every new issue, one called sign-off closes it."
              value={name}
              onChange={(event) => setOwnName(event.target.value)}
              error={fields.name}
              autoCapitalize="none"
              spellCheck={false}
              className="font-mono"
            />
          )}
        </fieldset>
      </form>
      {unsaved.ready && (
        <div className="editor-short">
          <DocumentEditor
            label="Text"
            document={begun}
            surroundings={surroundings}
            without={["paywall", "snippet"]}
            onChange={(document) => {
              setText(document);
              unsaved.onChange();
            }}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button form={FORM} disabled={working || !unsaved.ready}>
          {working ? "Saving …" : fields.version ? "Save mine over theirs" : "Save"}
        </Button>
        <ButtonLink tone="quiet" href="/admin/snippets">
          All snippets
        </ButtonLink>
      </div>
    </div>
  );
}
