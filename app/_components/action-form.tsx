"use client";

import { type ReactNode, useActionState, useRef } from "react";
import type { FormState } from "@/lib/form";
import { Button, type ButtonTone, buttonClass } from "./button";
import { Field } from "./field";
import { Notice } from "./notice";
import { ProblemWords } from "./problem-words";
import { useReady } from "./use-ready";
import { useRefusal } from "./use-refusal";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

export type ActionFormProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  label: string;
  tone?: ButtonTone;
  /** What goes along unseen. */
  fields?: Readonly<Record<string, string>>;
  /**
   * What was refused before this page was drawn: for pages that work without scripts. Without it the button waits for
   * them, since the answer to a form that was sent before would be lost.
   */
  initial?: FormState;
  /** A question to answer first, for what cannot simply be undone; with `words`, these have to be typed. */
  confirm?: { question: string; yes: string; words?: string };
  children?: ReactNode | ((state: FormState) => ReactNode);
  /** The field among the children that says its own problem. */
  ownField?: string;
};

/** A form with one button. What goes wrong is said above it. */
export function ActionForm(props: ActionFormProps) {
  const { action, label, tone = "quiet", fields = {}, initial, confirm, children, ownField } = props;
  const [state, act, pending] = useActionState(action, initial ?? EMPTY);
  const ready = useReady();
  const form = useRef<HTMLFormElement>(null);
  useRefusal(state, form);
  const isSaid = ownField !== undefined && state.fields[ownField] !== undefined;
  const button = (words: string) => (
    <div>
      <Button
        tone={tone}
        disabled={!ready && initial === undefined}
        // Not `disabled`: that would take the focus away from it.
        aria-disabled={pending || undefined}
      >
        {words}
      </Button>
    </div>
  );
  return (
    <form
      ref={form}
      action={act}
      className="grid gap-3"
      onSubmit={(event) => {
        if (pending) event.preventDefault();
      }}
    >
      {state.problem && !isSaid && (
        <div data-refusal tabIndex={-1}>
          <Notice tone="problem">
            <ProblemWords>{state.problem}</ProblemWords>
          </Notice>
        </div>
      )}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {typeof children === "function" ? children(state) : children}
      {confirm ? (
        <details {...(state.problem !== null && { open: true })}>
          <summary className={buttonClass("quiet")}>{label}</summary>
          <div className="mt-2 grid gap-3">
            <p>{confirm.question}</p>
            {confirm.words && (
              <Field
                id={`confirm-${label}`}
                name="confirmation"
                autoComplete="off"
                label={`Type “${confirm.words}” to go on`}
                defaultValue={state.typed.confirmation}
                error={state.fields.confirmation}
              />
            )}
            {button(confirm.yes)}
          </div>
        </details>
      ) : (
        button(label)
      )}
    </form>
  );
}
