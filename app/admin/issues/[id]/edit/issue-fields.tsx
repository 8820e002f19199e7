"use client";

import { Field, FieldRow } from "@/app/_components/field";
import type { Manuscript } from "@/lib/issues/open-for-editing";

type Changes = Partial<Manuscript>;

/** What an issue is besides its text: where it lies, who may read it, what its mail says first. */
export function IssueFields({
  values,
  problems,
  onChange,
}: {
  values: Manuscript;
  problems: Readonly<Record<string, string>>;
  onChange: (changes: Changes) => void;
}) {
  const line = (name: "slug" | "subject" | "preheader") => ({
    id: name,
    value: values[name],
    error: problems[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <section className="desk-panel" aria-labelledby="issue-fields-title">
      <h2 id="issue-fields-title">Address and mail</h2>
      <div className="grid gap-4">
        <FieldRow
          id="audience"
          label="Open to"
          hint={values.audience === "MEMBERS" && "Everybody else reads to the paywall."}
        >
          {(control) => (
            <select
              {...control}
              value={values.audience}
              onChange={(event) =>
                onChange({ audience: event.target.value === "MEMBERS" ? "MEMBERS" : "EVERYONE" })
              }
            >
              <option value="EVERYONE">everyone</option>
              <option value="MEMBERS">members</option>
            </select>
          )}
        </FieldRow>
        <Field label="Address (/p/…)" {...line("slug")} />
        <Field
          id="number"
          label="Number"
          inputMode="numeric"
          hint="Empty for a piece outside the series."
          value={values.number ?? ""}
          error={problems.number}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, "").slice(0, 6);
            onChange({ number: digits === "" ? null : Number(digits) });
          }}
        />
        <Field label="Subject of the mail" hint="Empty means the title." {...line("subject")} />
        <Field label="Preheader" hint="What inboxes show after the subject." {...line("preheader")} />
      </div>
    </section>
  );
}
