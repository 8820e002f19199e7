"use client";

import { useActionState, useState } from "react";
import { Button, ButtonLink } from "@/app/_components/button";
import { CONTROL_CLASS, Field, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { useUnsaved } from "@/app/admin/_desk/use-unsaved";
import { slugFrom } from "@/lib/issues/schema";
import { SNIPPET_LIMITS } from "@/lib/issues/snippets/schema";
import { createSnippetAction, type SnippetState, saveSnippetAction } from "./actions";

const EMPTY: SnippetState = { problem: null, fields: {}, typed: {} };

export type SnippetDraft = { name: string; title: string; markdown: string; version: number };

/** Title, name and text of a snippet. `snippet` null starts one. */
export function SnippetForm({ snippet, saved }: { snippet: SnippetDraft | null; saved: boolean }) {
  const [state, action, pending] = useActionState(snippet ? saveSnippetAction : createSnippetAction, EMPTY);
  const [title, setTitle] = useState(snippet?.title ?? "");
  const [ownName, setOwnName] = useState<string | null>(null);
  const [markdown, setMarkdown] = useState(snippet?.markdown ?? "");
  const unsaved = useUnsaved({ isRefused: state.problem !== null });
  const name = snippet?.name ?? ownName ?? slugFrom(title).slice(0, 60).replace(/-+$/, "");
  const problems = state.fields;
  const isTooLong = markdown.length > SNIPPET_LIMITS.markdown;
  const isSaved = !unsaved.dirty && !pending && (saved || state.savedVersion !== undefined);

  return (
    <form
      ref={unsaved.form}
      action={action}
      className="grid gap-4"
      onChange={unsaved.onChange}
      onSubmit={(event) => {
        if (isTooLong || pending) event.preventDefault();
        else unsaved.onSubmit();
      }}
    >
      <fieldset disabled={!unsaved.ready} className="contents">
        {snippet && <input type="hidden" name="version" value={problems.version ?? snippet.version} />}
        <input type="hidden" name="accepted" value={problems.notes ?? ""} />
        {isSaved && <Notice tone="success">Saved. The site shows it within moments.</Notice>}
        {state.problem && <Problem state={state} name={name} />}
        <Field
          id="title"
          name="title"
          label="Title"
          hint="Only you see it."
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={problems.title}
        />
        {snippet ? (
          <input type="hidden" name="name" value={snippet.name} />
        ) : (
          <Field
            id="name"
            name="name"
            label="Name"
            hint="Issues name it by this, so it cannot change later. A snippet called intro opens every new issue, one called sign-off closes it."
            value={name}
            onChange={(event) => setOwnName(event.target.value)}
            error={problems.name}
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
        <FieldRow
          id="markdown"
          label="Text, in Markdown"
          hint={
            <>
              Numbers come from the settings: <code>:variable[price]</code>,{" "}
              <code>:variable[trialLength]</code>, <code>:variable[subscriberCount]</code>,{" "}
              <code>:variable[publicationName]</code>. No paywall and no other snippet.{" "}
              {markdown.length.toLocaleString("en")} of {SNIPPET_LIMITS.markdown.toLocaleString("en")}{" "}
              characters.
            </>
          }
          error={isTooLong ? "A snippet is short: keep it under 10,000 characters." : problems.markdown}
        >
          {(control) => (
            <textarea
              {...control}
              name="markdown"
              rows={10}
              spellCheck
              value={markdown}
              onChange={(event) => setMarkdown(event.target.value)}
              className={`${CONTROL_CLASS} font-mono text-[0.9375rem] leading-relaxed`}
            />
          )}
        </FieldRow>
        <div className="flex flex-wrap gap-2">
          <Button disabled={pending}>{saveLabel(state, pending)}</Button>
          <ButtonLink tone="quiet" href="/admin/snippets">
            All snippets
          </ButtonLink>
        </div>
      </fieldset>
    </form>
  );
}

function saveLabel({ fields }: SnippetState, pending: boolean): string {
  if (pending) return "Saving …";
  if (fields.version) return "Save mine over theirs";
  return fields.notes ? "Save without these" : "Save";
}

/** What went wrong, with what the other tab saved, or what would be lost. */
function Problem({ state, name }: { state: SnippetState; name: string }) {
  const { theirTitle, theirMarkdown, notes } = state.fields;
  return (
    <Notice
      tone="problem"
      {...(theirMarkdown !== undefined && { title: "Changed in another tab or device" })}
    >
      <p>{state.problem}</p>
      {notes && (
        <ul className="mt-2 list-disc pl-5">
          {notes.split("\n").map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {theirMarkdown !== undefined && (
        <>
          <p className="mt-2">What was saved there, under the title “{theirTitle}”:</p>
          <pre
            className="my-2 max-h-48 overflow-auto border border-line p-2 text-sm whitespace-pre-wrap"
            tabIndex={0}
          >
            {theirMarkdown}
          </pre>
          <p>
            Save yours over it, or <a href={`/admin/snippets/${name}`}>load theirs</a>.
          </p>
        </>
      )}
    </Notice>
  );
}
