"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { CURRENCIES } from "@/lib/publication/schema";
import { saveSettingsAction } from "./actions";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const TEXTS = [
  ["name", "Name of the publication"],
  ["tagline", "Tagline"],
  ["description", "What it is, in a few sentences"],
  ["seriesName", "What issues are numbered as"],
  ["authorName", "Author"],
  ["authorBio", "About the author"],
  ["language", "Language (such as en)"],
  ["accentColor", "Accent colour (such as #b3331d)"],
  ["postalAddress", "Postal address, in every mail"],
  ["senderName", "Sender's name"],
  ["replyTo", "Replies go to (empty: the sender)"],
] as const;

const MONEY = [
  ["price", "Price a month"],
  ["trialDays", "Days of trial (0: none)"],
  ["graceDays", "Days of grace after a failed payment"],
  ["lockAfterDays", "Days until free issues lock (empty: never)"],
] as const;

export function SettingsForm({
  values,
  saved,
}: {
  values: Readonly<Record<string, string>>;
  saved: boolean;
}) {
  const [state, action, pending] = useActionState(saveSettingsAction, EMPTY);
  const value = (name: string) => state.typed[name] ?? values[name] ?? "";
  const field = (name: string, label: string) => (
    <Field
      key={name}
      id={name}
      name={name}
      label={label}
      defaultValue={value(name)}
      error={state.fields[name]}
    />
  );
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) => (
    <FieldRow id={name} label={label} error={state.fields[name]}>
      {(control) => (
        <select {...control} name={name} defaultValue={value(name)}>
          {options.map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </FieldRow>
  );
  return (
    <form action={action} className="grid gap-5">
      {saved && !state.problem && <Notice tone="success">Saved.</Notice>}
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <div className="desk-grid">{TEXTS.map(([name, label]) => field(name, label))}</div>
      <div className="desk-grid">
        {choice(
          "slotWeekday",
          "Weekly slot",
          DAYS.map((day, index) => [String(index + 1), day] as const),
        )}
        {field("slotTime", "At (24 hours, such as 09:00)")}
        {field("timeZone", "Time zone (such as Europe/London)")}
      </div>
      <div className="desk-grid">
        {MONEY.map(([name, label]) => field(name, label))}
        {choice(
          "currency",
          "Currency",
          CURRENCIES.map((each) => [each, each.toUpperCase()] as const),
        )}
      </div>
      <div>
        <Button disabled={pending}>Save</Button>
      </div>
    </form>
  );
}
