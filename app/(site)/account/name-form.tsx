"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import type { FormState } from "@/lib/form";
import { renameAction } from "./actions";

export function NameForm({ name, initial }: { name: string; initial: FormState }) {
  const [state, action, pending] = useActionState(renameAction, initial);
  return (
    <form action={action} className="grid gap-3">
      <Field
        id="name"
        name="name"
        label="Your name"
        hint="Only the author sees it. Leave it empty if you like."
        autoComplete="name"
        maxLength={80}
        defaultValue={state.typed.name ?? name}
        error={state.fields.name}
      />
      <div>
        <Button tone="quiet" disabled={pending}>
          Save the name
        </Button>
      </div>
    </form>
  );
}
