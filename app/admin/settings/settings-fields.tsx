"use client";

import type { ComponentProps, ReactNode } from "react";
import { Field, FieldRow } from "@/app/_components/field";

export type Values = Readonly<Record<string, string>>;

/** The form in progress, handed to each group of fields. */
export type Settings = {
  values: Values;
  /** As they are in force now. */
  saved: Values;
  problems: Values;
  set: (name: string, value: string) => void;
};

type FieldProps = { settings: Settings; name: string; label: string; hint?: ReactNode };

export function SettingsField({
  settings,
  name,
  label,
  hint,
  ...input
}: FieldProps & Omit<ComponentProps<"input">, "name">) {
  return (
    <Field
      {...input}
      id={name}
      name={name}
      label={label}
      hint={hint}
      value={settings.values[name] ?? ""}
      onChange={(event) => settings.set(name, event.target.value)}
      error={settings.problems[name]}
    />
  );
}

export function SettingsArea({ settings, name, label, hint, rows = 3 }: FieldProps & { rows?: number }) {
  return (
    <FieldRow id={name} label={label} hint={hint} error={settings.problems[name]}>
      {(control) => (
        <textarea
          {...control}
          name={name}
          rows={rows}
          value={settings.values[name] ?? ""}
          onChange={(event) => settings.set(name, event.target.value)}
        />
      )}
    </FieldRow>
  );
}

export function SettingsChoice({
  settings,
  name,
  label,
  hint,
  options,
}: FieldProps & { options: readonly (readonly [value: string, words: string])[] }) {
  return (
    <FieldRow id={name} label={label} hint={hint} error={settings.problems[name]}>
      {(control) => (
        <select
          {...control}
          name={name}
          value={settings.values[name] ?? ""}
          onChange={(event) => settings.set(name, event.target.value)}
        >
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </FieldRow>
  );
}

/** A group of settings: what they are for on the left, the fields on the right. */
export function SettingsGroup({
  id,
  title,
  about,
  children,
}: {
  id: string;
  title: string;
  about: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="settings-group" aria-labelledby={`${id}-title`}>
      <div className="settings-about">
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="desk-soft">{about}</p>
      </div>
      <div className="settings-fields">{children}</div>
    </section>
  );
}
