"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS, Field, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { type ImportState, importIssuesAction, importListAction } from "./actions";

const EMPTY: ImportState = { problem: null, issues: null, list: null };

export function IssuesForm() {
  const [state, action, pending] = useActionState(importIssuesAction, EMPTY);
  return (
    <form action={action} className="grid gap-3">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <FieldRow id="issues-file" label="Substack's zip, or a Markdown file">
        {(control) => (
          <input
            {...control}
            type="file"
            name="file"
            accept=".zip,.md,.markdown"
            required
            className={CONTROL_CLASS}
          />
        )}
      </FieldRow>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="withSubscribers" />
        Bring the zip's subscribers too
      </label>
      <div>
        <Button disabled={pending}>{pending ? "Reading …" : "Import"}</Button>
      </div>
      {state.issues && (
        <Notice
          tone="success"
          title={`${state.issues.added.length} came in, ${state.issues.known.length} were here already`}
        >
          <ul className="mt-1 grid gap-1">
            {state.issues.added.map((issue) => (
              <li key={issue.slug}>{issue.title}</li>
            ))}
            {state.issues.subscribers && (
              <li>
                {state.issues.subscribers.added.toLocaleString("en")} subscribers added,{" "}
                {state.issues.subscribers.unchanged.toLocaleString("en")} unchanged
              </li>
            )}
            {state.issues.undecidedMembers > 0 && (
              <li>
                {state.issues.undecidedMembers} paying readers keep their subscription at Stripe and wait to
                be moved
              </li>
            )}
            {state.issues.skipped.map((entry) => (
              <li key={`${entry.what} ${entry.why}`}>
                Skipped {entry.what}: {entry.why}
              </li>
            ))}
            {state.issues.notes.map((note) => (
              <li key={`${note.what} ${note.message}`}>
                {note.what}: {note.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </form>
  );
}

export function ListForm() {
  const [state, action, pending] = useActionState(importListAction, EMPTY);
  return (
    <form action={action} className="grid gap-3">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <FieldRow id="list-file" label="CSV with a column named email">
        {(control) => (
          <input {...control} type="file" name="file" accept=".csv,.txt" required className={CONTROL_CLASS} />
        )}
      </FieldRow>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="confirmed" />
        They agreed to get this mail
      </label>
      <Field
        id="source"
        name="source"
        label="Where they agreed"
        hint="Kept with each row as the record of consent."
      />
      <div>
        <Button disabled={pending}>{pending ? "Reading …" : "Import the list"}</Button>
      </div>
      {state.list && (
        <Notice
          tone="success"
          title={`${state.list.added.toLocaleString("en")} added, ${state.list.unchanged.toLocaleString("en")} unchanged`}
        >
          <ul>
            {state.list.problems.map((entry) => (
              <li key={entry.line}>
                Line {entry.line}: {entry.problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </form>
  );
}
