"use client";

import { ActionForm } from "@/app/_components/action-form";
import { Field, FieldRow } from "@/app/_components/field";
import type { FormState } from "@/lib/form";
import { makeCodeAction, switchCodeAction } from "./actions";
import "./codes.css";

export function CodeForm({ nonce, currency }: { nonce: string; currency: string }) {
  return (
    <ActionForm action={makeCodeAction} label="Make the code" tone="primary" fields={{ nonce }}>
      {(state) => (
        <>
          <div className="code-row">
            <Text
              state={state}
              name="code"
              label="Code"
              required
              maxLength={40}
              autoCapitalize="characters"
              hint="Letters, digits and dashes; capitals do not matter."
            />
            <Text
              state={state}
              name="maxUses"
              label="How many may use it"
              inputMode="numeric"
              hint="Empty: as many as want."
            />
          </div>
          <div className="code-row">
            <Text
              state={state}
              name="value"
              label="Takes off"
              required
              inputMode="decimal"
              hint="Off each charge, such as 50 or 1.50."
            />
            <Choice
              state={state}
              name="kind"
              label="In"
              options={[
                ["percent", "per cent"],
                ["amount", currency],
              ]}
            />
          </div>
          <div className="code-row">
            <Choice
              state={state}
              name="duration"
              label="For"
              options={[
                ["once", "the first charge"],
                ["repeating", "some months"],
                ["forever", "every charge"],
              ]}
            />
            <Text
              state={state}
              name="months"
              label="Months"
              inputMode="numeric"
              hint="For “some months”, counted from the day of joining, the trial included."
            />
          </div>
          <div className="code-row">
            <Text state={state} name="lastDay" label="Last day to use it" type="date" hint="Empty: no end." />
          </div>
        </>
      )}
    </ActionForm>
  );
}

/** What is switched off can be switched on again. */
export function SwitchForm({ id, code, active }: { id: string; code: string; active: boolean }) {
  return (
    <ActionForm
      action={switchCodeAction}
      label={active ? "Switch off" : "Switch on"}
      fields={{ id, active: active ? "no" : "yes" }}
    >
      <span className="sr-only">{code}</span>
    </ActionForm>
  );
}

function Text({
  state,
  name,
  ...field
}: { state: FormState; name: string } & Omit<React.ComponentProps<typeof Field>, "id" | "name">) {
  return (
    <Field
      {...field}
      id={name}
      name={name}
      autoComplete="off"
      defaultValue={state.typed[name]}
      error={state.fields[name]}
    />
  );
}

function Choice({
  state,
  name,
  label,
  options,
}: {
  state: FormState;
  name: string;
  label: string;
  options: readonly (readonly [value: string, words: string])[];
}) {
  return (
    <FieldRow id={name} label={label} error={state.fields[name]}>
      {(control) => (
        <select
          {...control}
          name={name}
          defaultValue={state.typed[name] ?? options[0]?.[0]}
          key={state.typed[name]}
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
