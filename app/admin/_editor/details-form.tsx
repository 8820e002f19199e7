"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS, type ControlAttributes, FieldRow } from "@/app/_components/field";
import { type Inline, isSafeUrl } from "@/lib/issues/document/schema";
import { attributesOf, DETAILS, type DetailField, typedOf } from "./details";
import { Dialog } from "./dialog";
import { type Attributes, attributeProblems } from "./nodes/checked";
import { drawFormula } from "./nodes/draw-formula";
import type { Surroundings } from "./nodes/surroundings";
import { NoteField } from "./note-field";

type Props = {
  type: string;
  attrs: Attributes;
  isNew: boolean;
  surroundings: Surroundings;
  onDone: (attrs: Record<string, unknown>) => void;
  onRemove?: (() => void) | undefined;
  onClose: () => void;
};

/** The form of a block or of something in the text: what the document's schema refuses is said beside its field. */
export function DetailsForm({ type, attrs, isNew, surroundings, onDone, onRemove, onClose }: Props) {
  const details = DETAILS[type];
  const fields = details?.fields ?? [];
  const [typed, setTyped] = useState(() => firstTyped(fields, attrs, surroundings));
  const note = useRef<Inline[]>(Array.isArray(attrs.content) ? attrs.content : []);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const next: Record<string, unknown> = attributesOf(fields, typed);
    if (type === "footnote") next.content = note.current;
    const found = problemsOf(type, fields, next);
    setProblems(found);
    if (Object.keys(found).length === 0) return onDone(next);
    const first = fields.find(({ name }) => found[name]);
    form.current?.querySelector<HTMLElement>(`[data-field="${first?.name}"]`)?.focus();
  };

  return (
    <Dialog title={isNew ? `New: ${details?.title ?? ""}` : (details?.title ?? "")} onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate className="mt-3 grid gap-4">
        {fields.map((field) => (
          <Row
            key={field.name}
            field={field}
            value={typed[field.name] ?? ""}
            problem={problems[field.name]}
            surroundings={surroundings}
            note={note}
            onType={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        {problems[""] && <p className="text-bad">{problems[""]}</p>}
        <div className="flex flex-wrap gap-2">
          <Button>{isNew ? "Insert" : "Apply"}</Button>
          <Button type="button" tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          {onRemove && (
            <Button type="button" tone="danger" onClick={onRemove}>
              Remove
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

type RowProps = {
  field: DetailField;
  value: string;
  problem: string | undefined;
  surroundings: Surroundings;
  note: { current: Inline[] };
  onType: (value: string) => void;
};

function Row({ field, value, problem, surroundings, note, onType }: RowProps) {
  const id = useId();
  const draw = (control: ControlAttributes) => {
    const common = {
      ...control,
      className: CONTROL_CLASS,
      "data-field": field.name,
      value,
      onChange: (event: { target: { value: string } }) => onType(event.target.value),
    };
    if (field.control === "choice")
      return (
        <select {...common}>
          {choicesOf(field, value, surroundings).map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      );
    if (field.control === "lines") return <textarea rows={3} {...common} />;
    if (field.control === "tex") return <TexField {...common} />;
    return <input type="text" {...(field.control === "number" && { inputMode: "numeric" })} {...common} />;
  };
  if (field.control === "note")
    return <NoteField label={field.label} note={note} problem={problem} surroundings={surroundings} />;
  return (
    <FieldRow id={id} label={field.label} hint={field.hint} error={problem}>
      {draw}
    </FieldRow>
  );
}

type TexProps = ControlAttributes & {
  "data-field": string;
  value: string;
  onChange: (event: { target: { value: string } }) => void;
};

function TexField(control: TexProps) {
  return (
    <>
      <textarea rows={3} spellCheck={false} {...control} className={`${control.className} font-mono`} />
      <div
        key={control.value}
        className="editor-formula"
        aria-hidden="true"
        ref={(element) => {
          if (element && control.value.trim()) void drawFormula(element, control.value, true);
        }}
      />
    </>
  );
}

function choicesOf(field: DetailField, value: string, surroundings: Surroundings) {
  const choices = field.choices?.(surroundings) ?? [];
  // What the document holds stays choosable, though it may be gone or go by another of its names.
  const known = value === "" || choices.some((choice) => choice.value === value);
  return known ? choices : [...choices, { value, label: value }];
}

/** A list without an empty line has its first chosen, as the person sees it. */
function firstTyped(fields: readonly DetailField[], attrs: Attributes, surroundings: Surroundings) {
  const typed = typedOf(fields, attrs);
  for (const { name, control, choices } of fields) {
    if (control === "choice" && !typed[name]) typed[name] = choices?.(surroundings)[0]?.value ?? "";
  }
  return typed;
}

const UNFIT = "This is too long, or not what belongs here.";

function linkProblems(href: unknown): Readonly<Record<string, string>> {
  const whole = "Write a whole link, such as https://example.com/page, a path such as /archive, or mailto:.";
  return typeof href === "string" && isSafeUrl(href) ? {} : { href: whole };
}

function problemsOf(type: string, fields: readonly DetailField[], attrs: Record<string, unknown>) {
  const problems: Record<string, string> = {};
  const found = type === "link" ? linkProblems(attrs.href) : attributeProblems(type, attrs);
  for (const [name, message] of Object.entries(found)) {
    // Zod's own sentences speak to programmers; the schema's and ours to people.
    problems[name] = /^(Invalid|Too)\b/.test(message) ? UNFIT : message;
  }
  for (const { name, needed } of fields) {
    const value = attrs[name];
    if (needed && (value === null || value === "" || (Array.isArray(value) && value.length === 0)))
      problems[name] = needed;
  }
  return problems;
}
