"use client";

import { ActionForm } from "@/app/_components/action-form";
import { Field } from "@/app/_components/field";
import { compAction } from "./actions";

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
  return (
    <ActionForm action={compAction} label={label} fields={{ subscriberId }}>
      {(state) => (
        <>
          <Field
            id="endsOn"
            name="endsOn"
            type="date"
            label="Last day"
            hint="Empty means without end."
            defaultValue={state.typed.endsOn ?? endsOn}
            error={state.fields.endsOn}
          />
          <Field
            id="reason"
            name="reason"
            maxLength={200}
            label="Why"
            hint="For you, and for the person if they ask what is known about them. May stay empty."
            defaultValue={state.typed.reason}
            error={state.fields.reason}
          />
        </>
      )}
    </ActionForm>
  );
}
