"use client";

import type { FormEvent, ReactNode } from "react";
import { Button } from "@/app/_components/button";
import { Field, FieldRow } from "@/app/_components/field";
import { useReady } from "@/app/_components/use-ready";
import { ImportOutcome } from "./import-outcome";
import { ProgressLine } from "./progress-line";
import { useImport } from "./use-import";

export function IssuesForm() {
  const work = useImport("/admin/import/issues");
  return (
    <ImportForm
      work={work}
      fileLabel="Substack’s zip, or a Markdown file"
      accept=".zip,.md,.markdown"
      button="Import"
      parameters={(form, file) => ({
        name: file.name,
        withSubscribers: form.has("withSubscribers") ? "yes" : "no",
      })}
    >
      <label className="flex min-h-6 items-center gap-2">
        <input type="checkbox" name="withSubscribers" />
        Bring the zip’s subscribers too
      </label>
    </ImportForm>
  );
}

export function ListForm() {
  const work = useImport("/admin/import/list");
  return (
    <ImportForm
      work={work}
      fileLabel="CSV with a column named email"
      accept=".csv,.txt"
      button="Import the list"
      parameters={(form) => ({
        confirmed: form.has("confirmed") ? "yes" : "no",
        source: String(form.get("source") ?? ""),
      })}
    >
      <label className="flex min-h-6 items-center gap-2">
        <input type="checkbox" name="confirmed" />
        They agreed to get this mail
      </label>
      <Field
        id="source"
        name="source"
        label="Where they agreed"
        maxLength={200}
        hint="Kept with each row as the record of consent. Without it they come in as pending and get no mail."
      />
    </ImportForm>
  );
}

function ImportForm({
  work,
  fileLabel,
  accept,
  button,
  parameters,
  children,
}: {
  work: ReturnType<typeof useImport>;
  fileLabel: string;
  accept: string;
  button: string;
  parameters: (form: FormData, file: File) => Record<string, string>;
  children: ReactNode;
}) {
  const ready = useReady();
  const { progress, outcome, start } = work;
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get("file");
    if (file instanceof File) void start(file, parameters(form, file));
  };
  const id = accept.replace(/\W/g, "");
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <FieldRow id={id} label={fileLabel}>
        {(control) => <input {...control} type="file" name="file" accept={accept} required />}
      </FieldRow>
      {children}
      <div>
        <Button disabled={!ready || progress !== null}>{progress ? "Importing …" : button}</Button>
      </div>
      <ProgressLine progress={progress} label="Share of the file done" />
      {outcome && <ImportOutcome outcome={outcome} />}
    </form>
  );
}
