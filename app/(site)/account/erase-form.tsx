"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { eraseAction } from "./actions";

export function EraseForm({ words, initial }: { words: string; initial: FormState }) {
  const [state, action, pending] = useActionState(eraseAction, initial);
  return (
    <form action={action} className="grid gap-3">
      {state.problem && !state.fields.confirmation && <Notice tone="problem">{state.problem}</Notice>}
      <Field
        id="confirmation"
        name="confirmation"
        label={
          <>
            Type <strong>{words}</strong> to confirm
          </>
        }
        autoComplete="off"
        required
        defaultValue={state.typed.confirmation ?? ""}
        error={state.fields.confirmation}
      />
      <div>
        <Button tone="danger" disabled={pending}>
          Erase me
        </Button>
      </div>
    </form>
  );
}
