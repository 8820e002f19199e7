"use client";

import { type ReactNode, useActionState } from "react";
import { Button, type ButtonTone } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

/** One button that acts on a person. With `confirm`, it asks first; with `words`, these have to be typed. */
export function PersonActionForm({
  action,
  subscriberId,
  label,
  tone = "quiet",
  confirm,
  extra,
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  subscriberId: string;
  label: string;
  tone?: ButtonTone;
  confirm?: { question: string; yes: string; words?: string };
  extra?: ReactNode;
}) {
  const [state, act, pending] = useActionState(action, EMPTY);
  return (
    <form action={act} className="grid gap-2">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <input type="hidden" name="subscriberId" value={subscriberId} />
      {extra}
      {confirm ? (
        <details {...(state.problem !== null && { open: true })}>
          <summary className="desk-quiet inline-flex items-center">{label}</summary>
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
            <div>
              <Button tone={tone} disabled={pending}>
                {confirm.yes}
              </Button>
            </div>
          </div>
        </details>
      ) : (
        <div>
          <Button tone={tone} disabled={pending}>
            {label}
          </Button>
        </div>
      )}
    </form>
  );
}
