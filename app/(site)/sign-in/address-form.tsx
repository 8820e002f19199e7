"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { askForCodeAction } from "./actions";

export function AddressForm({ next, initial }: { next: string; initial: FormState }) {
  const [state, action, pending] = useActionState(askForCodeAction, initial);
  return (
    <form action={action} className="grid gap-4">
      {state.problem && !state.fields.email && <Notice tone="problem">{state.problem}</Notice>}
      <Field
        id="email"
        name="email"
        type="email"
        label="Your e-mail address"
        required
        maxLength={254}
        autoComplete="email"
        defaultValue={state.typed.email ?? ""}
        error={state.fields.email}
      />
      <input type="hidden" name="next" value={next} />
      <div>
        <Button disabled={pending}>Mail me a code</Button>
      </div>
    </form>
  );
}
