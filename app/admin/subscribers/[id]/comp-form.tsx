"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { compAction } from "./actions";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

/** A free membership, with or without a last day. */
export function CompForm({
  subscriberId,
  endsOn,
  label,
}: {
  subscriberId: string;
  endsOn: string;
  label: string;
}) {
  const [state, action, pending] = useActionState(compAction, EMPTY);
  return (
    <form action={action} className="grid gap-3">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <input type="hidden" name="subscriberId" value={subscriberId} />
      <Field
        id="endsOn"
        name="endsOn"
        type="date"
        label="Last day"
        hint="Empty means without end."
        defaultValue={state.typed.endsOn ?? endsOn}
        error={state.fields.endsOn}
      />
      <div>
        <Button tone="quiet" disabled={pending}>
          {label}
        </Button>
      </div>
    </form>
  );
}
